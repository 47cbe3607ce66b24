"""The last weeks, and when the course may be finished at their rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from grader.course import Course
from grader.outcome import Standing
from grader.pace.hours import Off, is_passed, passed_day

RECENT = 8
"""Weeks that the forecast looks back on, at most."""
LEAST = 4
"""Weeks, and passes in them, below which there is too little to tell."""
FAR = 3650
"""Days beyond which no finish is named."""
_DAY = timedelta(days=1)


class Week(NamedTuple):
    """Seven days that are not off, and the days off between them."""

    first: date
    last: date
    hours: float
    passed: int
    """Exercises that were passed for the first time."""
    worth: int
    """Minutes that those exercises are put at."""


class Forecast(NamedTuple):
    """When all exercises may be passed, at the rate of the last weeks."""

    left: int
    """Minutes that the exercises not yet passed are put at."""
    rate: float
    """Minutes of exercises passed in a week: the mean."""
    spread: float
    """The standard error of that mean."""
    weeks: int
    """Weeks that the mean was taken over."""
    earliest: date
    finish: date
    latest: date | None
    """None when at the slow end of the range there is no end in sight."""


class Silence(NamedTuple):
    """No forecast, and why."""

    why: str


def weeks(
    course: Course,
    standings: Mapping[str, Standing],
    minutes: Mapping[date, float],
    begun: date,
    today: date,
    is_off: Off = lambda day: False,
) -> tuple[Week, ...]:
    """The last whole weeks up to today, the oldest first; one that began before is left out."""
    worth = {exercise.id: exercise.minutes for exercise in course.exercises()}
    passes = [
        (day, worth[n]) for n, s in standings.items() if n in worth and (day := passed_day(s))
    ]
    made = []
    for first, last in _spans(begun, today, is_off):
        won = [value for day, value in passes if first <= day <= last]
        hours = sum(m for day, m in minutes.items() if first <= day <= last) / 60
        made.append(Week(first, last, hours, len(won), sum(won)))
    return tuple(reversed(made))


def forecast(
    course: Course,
    standings: Mapping[str, Standing],
    recent: Sequence[Week],
    today: date,
    is_off: Off = lambda day: False,
) -> Forecast | Silence:
    """The finish at the mean rate of the recent weeks, and its range.

    The range is that of the mean less and plus its standard error, which holds the true rate
    about two times in three if the weeks to come are like the last ones.
    """
    left = sum(e.minutes for e in course.exercises() if not is_passed(standings.get(e.id)))
    passes = sum(week.passed for week in recent)
    if not left:
        return Silence("Every exercise is passed.")
    if len(recent) < LEAST:
        return Silence(f"Too early to tell: it takes {LEAST} whole weeks, so far {len(recent)}.")
    if passes < LEAST:
        return Silence(f"Too little to tell: it takes {LEAST} recent passes, so far {passes}.")
    rate, spread = _mean([week.worth for week in recent])
    finish = _finish(today, left, rate, is_off)
    if finish is None:
        return Silence("At the rate of the last weeks it would take more than ten years.")
    earliest = _finish(today, left, rate + spread, is_off) or finish
    latest = _finish(today, left, rate - spread, is_off)
    return Forecast(left, rate, spread, len(recent), earliest, finish, latest)


def plan(course: Course, begun: date) -> tuple[date, date]:
    """When the phases that have exercises end, as the course plans them: fastest and slowest."""
    due = [phase.weeks for phase in course.phases if any(u.exercises for u in phase.units)]
    low, high = sum(fast for fast, _ in due), sum(slow for _, slow in due)
    return begun + timedelta(weeks=low), begun + timedelta(weeks=high)


def _spans(begun: date, today: date, is_off: Off) -> list[tuple[date, date]]:
    """First and last day of the latest whole weeks, the latest first."""
    found: list[tuple[date, date]] = []
    day, last, counted = today, today, 0
    while day >= begun and len(found) < RECENT:
        counted += not is_off(day)
        if counted == 7:
            found.append((day, last))
            last, counted = day - _DAY, 0
        day -= _DAY
    return found


def _mean(values: Sequence[int]) -> tuple[float, float]:
    """The mean, and its standard error."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, math.sqrt(variance / len(values))


def _finish(today: date, left: float, rate: float, is_off: Off) -> date | None:
    """The day on which that much is done, days off left out; None when it is too far away."""
    if rate <= 0 or 7 * left / rate > FAR:
        return None
    due, day = math.ceil(7 * left / rate - 1e-9), today
    while due:
        day += _DAY
        if (day - today).days > FAR:
            return None
        due -= not is_off(day)
    return day
