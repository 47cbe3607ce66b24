"""Hours and weeks of study, phase by phase, and when the course may be finished: pure rules.

What an hour is. On each day two counts are taken: the minutes that lines of the log end in, and
the time between attempts that lie at most 45 minutes apart. Both may have seen the same time, so
the larger one counts, not their sum. A lone attempt counts for nothing, nor does what came before
the first one: the hours are what was seen, and more may have been worked.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from grader.course import Course, Phase
from grader.outcome import Attempt, Standing

PAUSE = timedelta(minutes=45)
"""Attempts further apart than this belong to different sittings."""
RECENT = 8
"""Weeks that the forecast looks back on, at most."""
LEAST = 4
"""Weeks, and passes in them, below which there is too little to tell."""
FAR = 3650
"""Days beyond which no finish is named."""

_DAY = timedelta(days=1)
Off = Callable[[date], bool]


class Went(NamedTuple):
    """How one phase went, beside what its exercises are put at."""

    phase: Phase
    planned: int
    """Minutes that its exercises are put at."""
    hours: float
    weeks: float | None
    """From its first attempt to its last first pass, or to today; days off left out."""
    complete: bool


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


def between(attempts: Iterable[Attempt]) -> dict[date, float]:
    """By day the minutes between attempts of one sitting, on the day of the later one."""
    found: dict[date, float] = {}
    moments = sorted(moment for a in attempts if (moment := _moment(a)) is not None)
    for (before, _), (at, day) in pairwise(moments):
        if at - before <= PAUSE:
            found[day] = found.get(day, 0.0) + (at - before).total_seconds() / 60
    return found


def studied(attempts: Iterable[Attempt], logged: Mapping[date, int]) -> dict[date, float]:
    """The minutes of each day that has any: the larger of what was logged and what was seen."""
    seen = between(attempts)
    both = {day: max(seen.get(day, 0.0), logged.get(day, 0)) for day in {*seen, *logged}}
    return {day: both[day] for day in sorted(both) if both[day]}


def phases(
    course: Course,
    standings: Mapping[str, Standing],
    attempts: Sequence[Attempt],
    minutes: Mapping[date, float],
    today: date,
    is_off: Off = lambda day: False,
) -> tuple[Went, ...]:
    """Each phase that has exercises.

    A day's minutes are shared by its attempts; those of a day without any go to the phase of
    the last attempt before it, or to the first phase.
    """
    of = {e.id: p.id for p in course.phases for unit in p.units for e in unit.exercises}
    worked = _worked(attempts, of)
    spent = _spent(minutes, worked, next(iter(of.values()), ""))
    return tuple(
        _went(phase, standings, spent[phase.id], worked, today, is_off)
        for phase in course.phases
        if phase.id in of.values()
    )


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
    passes = [(day, worth[n]) for n, s in standings.items() if n in worth and (day := _passed(s))]
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
    left = sum(e.minutes for e in course.exercises() if not _is_passed(standings.get(e.id)))
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


def _moment(attempt: Attempt) -> tuple[datetime, date] | None:
    try:
        return datetime.fromisoformat(attempt.at), date.fromisoformat(attempt.day)
    except ValueError:  # records edited by hand
        return None


def _passed(standing: Standing) -> date | None:
    try:
        return date.fromisoformat(standing.passed_day or "")
    except ValueError:
        return None


def _is_passed(standing: Standing | None) -> bool:
    return standing is not None and standing.passed_at is not None


def _worked(attempts: Iterable[Attempt], of: Mapping[str, str]) -> dict[date, Counter[str]]:
    """How many attempts each day had in each phase."""
    found: dict[date, Counter[str]] = {}
    for attempt in attempts:
        if attempt.exercise in of and (moment := _moment(attempt)) is not None:
            found.setdefault(moment[1], Counter())[of[attempt.exercise]] += 1
    return dict(sorted(found.items()))


def _spent(
    minutes: Mapping[date, float], worked: Mapping[date, Counter[str]], first: str
) -> Counter[str]:
    """The minutes of each phase, in hundredths so that they add up in whole numbers."""
    spent: Counter[str] = Counter()
    hand = first
    for day in sorted({*minutes, *worked}):
        shares = worked.get(day) or Counter({hand: 1})
        for phase, tries in shares.items():
            spent[phase] += round(100 * minutes.get(day, 0.0) * tries / shares.total())
        hand = list(shares)[-1]
    return spent


def _went(
    phase: Phase,
    standings: Mapping[str, Standing],
    spent: int,
    worked: Mapping[date, Counter[str]],
    today: date,
    is_off: Off,
) -> Went:
    exercises = [exercise for unit in phase.units for exercise in unit.exercises]
    known = [standings.get(exercise.id) for exercise in exercises]
    complete = all(_is_passed(standing) for standing in known)
    passes = [day for standing in known if standing and (day := _passed(standing))]
    began = min((day for day, tries in worked.items() if tries[phase.id]), default=None)
    ended = max(passes, default=today) if complete else today
    counted = _days(began, ended, is_off) / 7 if began is not None else None
    return Went(phase, sum(e.minutes for e in exercises), spent / 6000, counted, complete)


def _days(first: date, last: date, is_off: Off) -> int:
    """The days from the first to the last that are not off."""
    days = (first + _DAY * n for n in range((last - first).days + 1))
    return sum(not is_off(day) for day in days)


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
