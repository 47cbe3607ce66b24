"""How each phase went: its hours and weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from grader.course import Course, Phase
from grader.outcome import Attempt, Standing
from grader.pace.hours import Off, is_passed, moment_of, passed_day


class Went(NamedTuple):
    """How one phase went, beside what its exercises are put at."""

    phase: Phase
    planned: int
    """Minutes that its exercises are put at."""
    hours: float
    weeks: float | None
    """From its first attempt to its last first pass, or to today; days off left out."""
    complete: bool


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


def _worked(attempts: Iterable[Attempt], of: Mapping[str, str]) -> dict[date, Counter[str]]:
    """How many attempts each day had in each phase."""
    found: dict[date, Counter[str]] = {}
    for attempt in attempts:
        if attempt.exercise in of and (moment := moment_of(attempt)) is not None:
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
    complete = all(is_passed(standing) for standing in known)
    passes = [day for standing in known if standing and (day := passed_day(standing))]
    began = min((day for day, tries in worked.items() if tries[phase.id]), default=None)
    ended = max(passes, default=today) if complete else today
    counted = _days(began, ended, is_off) / 7 if began is not None else None
    return Went(phase, sum(e.minutes for e in exercises), spent / 6000, counted, complete)


def _days(first: date, last: date, is_off: Off) -> int:
    """The days from the first to the last that are not off."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(not is_off(day) for day in days)
