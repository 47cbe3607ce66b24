"""The finish of the course, forecast from the rate of the last weeks, at first also the target."""

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
SETTLED = 4
"""Weeks of study after which the rate is the learner's alone. Before, the target counts too."""
DOUBT = 0.5
"""How far a week may be from the target where nothing is known yet: half of it either way."""
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
    """Estimated minutes of the exercises passed in a week."""
    spread: float
    """The standard error of that rate."""
    target_share: float
    """How much of the rate is the target, 0 to 1: most of it on the first day, nothing later."""
    earliest: date
    finish: date
    latest: date | None
    """None when the slow end of the range is too far away."""


class Start(NamedTuple):
    """What a learner set out with."""

    begun: date
    """The first day with an attempt."""
    target: float
    """Minutes of study that they mean to spend in a week."""


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
    start: Start,
    today: date,
    is_off: IsDayOff = lambda day: False,
) -> Forecast | NoForecast:
    """Forecast the finish at the rate of the weeks so far, and its range.

    The range is the rate plus and minus its standard error. With ``SETTLED`` whole weeks the rate
    is their mean, and the range contains the true rate about two times in three if the coming
    weeks are like the last ones. Before, the target counts as one more week, which weighs less
    with every day, and in which the learner may be off by ``DOUBT``.
    """
    left = sum(e.minutes for e in course.iterate_exercises() if not is_passed(standings.get(e.id)))
    if not left:
        return NoForecast("Every exercise is passed.")
    first_days = _measure_first_days(course, standings, recent, start, today, is_off)
    rate, spread, share = _estimate_rate([w.worth for w in recent], first_days, start.target)
    if not rate:
        return NoForecast(f"No forecast: nothing was passed in the last {len(recent)} weeks.")
    finish = _find_finish(today, left, rate, is_off)
    if finish is None:
        return NoForecast("At the rate of the last weeks it would take more than ten years.")
    earliest = _find_finish(today, left, rate + spread, is_off) or finish
    latest = _find_finish(today, left, rate - spread, is_off)
    return Forecast(left, rate, spread, share, earliest, finish, latest)


def compute_target_finish(
    course: Course, start: Start, is_off: IsDayOff = lambda day: False
) -> date | None:
    """Return when the exercises of today would all be passed at the target; None if too far."""
    whole = sum(exercise.minutes for exercise in course.iterate_exercises())
    return _find_finish(start.begun, whole, start.target, is_off)


def _measure_first_days(
    course: Course,
    standings: Mapping[str, Standing],
    recent: Sequence[Week],
    start: Start,
    today: date,
    is_off: IsDayOff,
) -> tuple[float, int]:
    """Return the weeks and the worth of the days before the first whole week.

    Once there are ``SETTLED`` whole weeks they count for nothing.
    """
    if len(recent) >= SETTLED:
        return 0.0, 0
    last = recent[0].first - _DAY if recent else today
    worth = {exercise.id: exercise.minutes for exercise in course.iterate_exercises()}
    passed = [(parse_passed_day(s), worth[n]) for n, s in standings.items() if n in worth]
    days = [start.begun + _DAY * n for n in range((last - start.begun).days + 1)]
    done = sum(minutes for day, minutes in passed if day and start.begun <= day <= last)
    return sum(not is_off(day) for day in days) / 7, done


def _estimate_rate(
    worth: Sequence[int], first_days: tuple[float, int], target: float
) -> tuple[float, float, float]:
    """Return the rate in a week, its standard error, and how much of it is the target.

    The target is a week of weight 1 - t/SETTLED after t weeks. Its variance is of the same kind
    as that of whole weeks, so both are pooled; without it they are mean and standard error.
    """
    weeks = len(worth) + first_days[0]
    weight = max(0.0, 1 - weeks / SETTLED)
    rate = (weight * target + first_days[1] + sum(worth)) / (weight + weeks)
    squares = sum((one - rate) ** 2 for one in worth) + weight * (DOUBT * rate) ** 2
    freedom = weight + max(0, len(worth) - 1)
    return rate, math.sqrt(squares / freedom / (weight + weeks)), weight / (weight + weeks)


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
