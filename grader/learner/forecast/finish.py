"""The finish of the course, forecast from the rate of the last weeks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from grader.course.model import Course
from grader.grading.outcome import Standing
from grader.learner.forecast.hours import is_passed, parse_passed_day
from grader.learner.study_days import IsDayOff

RECENT = 8
"""The most weeks that the forecast is computed from."""
LEAST = 4
"""The fewest weeks, and the fewest passes in them, that a forecast is computed from."""
FAR = 3650
"""Days beyond which no finish is forecast."""
_DAY = timedelta(days=1)


class Week(NamedTuple):
    """Seven days of study, and the days off between them."""

    first: date
    last: date
    hours: float
    passed: int
    """Exercises that were passed for the first time."""
    worth: int
    """The estimated minutes of those exercises."""


class Forecast(NamedTuple):
    """When all exercises may be passed, at the rate of the last weeks."""

    left: int
    """The estimated minutes of the exercises that are not passed yet."""
    rate: float
    """Estimated minutes of the exercises passed in a week: the mean."""
    spread: float
    """The standard error of that mean."""
    weeks: int
    """The number of weeks that the mean was taken over."""
    earliest: date
    finish: date
    latest: date | None
    """None when the slow end of the range is too far away."""


class NoForecast(NamedTuple):
    """There is no forecast, and why."""

    why: str


def list_weeks(
    course: Course,
    standings: Mapping[str, Standing],
    minutes: Mapping[date, float],
    begun: date,
    today: date,
    is_off: IsDayOff = lambda day: False,
) -> tuple[Week, ...]:
    """Return the last whole weeks up to today, the oldest first.

    A week that starts before the first attempt (``begun``) is left out.
    """
    worth = {exercise.id: exercise.minutes for exercise in course.iterate_exercises()}
    passes = [
        (day, worth[n]) for n, s in standings.items() if n in worth and (day := parse_passed_day(s))
    ]
    found = []
    for first, last in _list_spans(begun, today, is_off):
        passed = [value for day, value in passes if first <= day <= last]
        hours = sum(m for day, m in minutes.items() if first <= day <= last) / 60
        found.append(Week(first, last, hours, len(passed), sum(passed)))
    return tuple(reversed(found))


def forecast_finish(
    course: Course,
    standings: Mapping[str, Standing],
    recent: Sequence[Week],
    today: date,
    is_off: IsDayOff = lambda day: False,
) -> Forecast | NoForecast:
    """Forecast the finish at the mean rate of the recent weeks, and its range.

    The range is the mean plus and minus its standard error, which contains the true rate about
    two times in three if the coming weeks are like the last ones.
    """
    left = sum(e.minutes for e in course.iterate_exercises() if not is_passed(standings.get(e.id)))
    passes = sum(week.passed for week in recent)
    if not left:
        return NoForecast("Every exercise is passed.")
    if len(recent) < LEAST:
        return NoForecast(
            f"No forecast yet: it needs {LEAST} whole weeks, and there are {len(recent)}."
        )
    if passes < LEAST:
        return NoForecast(
            f"No forecast yet: it needs {LEAST} recent passes, and there are {passes}."
        )
    rate, spread = _compute_mean([week.worth for week in recent])
    finish = _find_finish(today, left, rate, is_off)
    if finish is None:
        return NoForecast("At the rate of the last weeks it would take more than ten years.")
    earliest = _find_finish(today, left, rate + spread, is_off) or finish
    latest = _find_finish(today, left, rate - spread, is_off)
    return Forecast(left, rate, spread, len(recent), earliest, finish, latest)


def compute_planned_finish(course: Course, begun: date) -> tuple[date, date]:
    """Return when the course's plan ends, fastest and slowest; phases without exercises count 0."""
    spans = [phase.weeks for phase in course.phases if any(u.exercises for u in phase.units)]
    low, high = sum(fast for fast, _ in spans), sum(slow for _, slow in spans)
    return begun + timedelta(weeks=low), begun + timedelta(weeks=high)


def _list_spans(begun: date, today: date, is_off: IsDayOff) -> list[tuple[date, date]]:
    """Return first and last day of the latest whole weeks, the latest first.

    It walks back from today and closes a week after seven days that are not off, so a holiday
    makes a week longer in the calendar but not shorter in days of study.
    """
    found: list[tuple[date, date]] = []
    day, last, counted = today, today, 0
    while day >= begun and len(found) < RECENT:
        counted += not is_off(day)
        if counted == 7:
            found.append((day, last))
            last, counted = day - _DAY, 0
        day -= _DAY
    return found


def _compute_mean(values: Sequence[int]) -> tuple[float, float]:
    """Return the mean and its standard error."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, math.sqrt(variance / len(values))


def _find_finish(today: date, left: float, rate: float, is_off: IsDayOff) -> date | None:
    """Return the day on which ``left`` is done; days off do not count. None when too far away."""
    if rate <= 0 or 7 * left / rate > FAR:
        return None
    # Days of study, rounded up; the small term keeps a rounding error of the division from
    # adding a day to a whole number.
    due, day = math.ceil(7 * left / rate - 1e-9), today
    while due:
        day += _DAY
        if (day - today).days > FAR:
            return None
        due -= not is_off(day)
    return day
