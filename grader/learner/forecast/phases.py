"""The hours and weeks that each phase took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from grader.course.model import Course, Phase
from grader.grading.outcome import Attempt, Standing
from grader.learner.forecast.hours import is_passed, parse_moment, parse_passed_day
from grader.learner.study_days import IsDayOff


class PhaseTime(NamedTuple):
    """The time that one phase took, beside the estimate."""

    phase: Phase
    planned: int
    """The estimated minutes of its exercises."""
    hours: float
    weeks: float | None
    """From its first attempt to its last first pass, or to today; days off left out."""
    complete: bool


def measure_phases(
    course: Course,
    standings: Mapping[str, Standing],
    attempts: Sequence[Attempt],
    minutes: Mapping[date, float],
    today: date,
    is_off: IsDayOff = lambda day: False,
) -> tuple[PhaseTime, ...]:
    """Measure each phase that has exercises.

    A day's minutes are divided among the phases by their attempts on that day. The minutes of a
    day without attempts (logged reading, say) go to the phase of the last attempt before it, or
    to the first phase.
    """
    phase_of = {e.id: p.id for p in course.phases for unit in p.units for e in unit.exercises}
    tries = _count_attempts(attempts, phase_of)
    spent = _divide_minutes(minutes, tries, next(iter(phase_of.values()), ""))
    return tuple(
        _measure_phase(phase, standings, spent[phase.id], tries, today, is_off)
        for phase in course.phases
        if phase.id in phase_of.values()
    )


def _count_attempts(
    attempts: Iterable[Attempt], phase_of: Mapping[str, str]
) -> dict[date, Counter[str]]:
    """Count the attempts of each day in each phase."""
    found: dict[date, Counter[str]] = {}
    for attempt in attempts:
        if attempt.exercise in phase_of and (moment := parse_moment(attempt)) is not None:
            found.setdefault(moment[1], Counter())[phase_of[attempt.exercise]] += 1
    return dict(sorted(found.items()))


def _divide_minutes(
    minutes: Mapping[date, float], tries: Mapping[date, Counter[str]], first: str
) -> Counter[str]:
    """Return the minutes of each phase as whole hundredths, whose sums have no rounding error."""
    spent: Counter[str] = Counter()
    current = first
    for day in sorted({*minutes, *tries}):
        shares = tries.get(day) or Counter({current: 1})
        for phase, share in shares.items():
            spent[phase] += round(100 * minutes.get(day, 0.0) * share / shares.total())
        current = list(shares)[-1]
    return spent


def _measure_phase(
    phase: Phase,
    standings: Mapping[str, Standing],
    spent: int,
    tries: Mapping[date, Counter[str]],
    today: date,
    is_off: IsDayOff,
) -> PhaseTime:
    exercises = [exercise for unit in phase.units for exercise in unit.exercises]
    known = [standings.get(exercise.id) for exercise in exercises]
    complete = all(is_passed(standing) for standing in known)
    passes = [day for standing in known if standing and (day := parse_passed_day(standing))]
    began = min((day for day, counts in tries.items() if counts[phase.id]), default=None)
    ended = max(passes, default=today) if complete else today
    weeks = _count_days(began, ended, is_off) / 7 if began is not None else None
    return PhaseTime(phase, sum(e.minutes for e in exercises), spent / 6000, weeks, complete)


def _count_days(first: date, last: date, is_off: IsDayOff) -> int:
    """Count the days from the first to the last that are not off."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(not is_off(day) for day in days)
