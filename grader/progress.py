"""What is done, what is open and what comes next: pure rules over course and standings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from grader.course import Course, Exercise
from grader.outcome import Standing

Off = Callable[[date], bool]
"""Whether a day is one off."""
State = Literal["open", "started", "passed", "stale", "skipped"]

_DONE: frozenset[State] = frozenset({"passed", "stale", "skipped"})


class Total(NamedTuple):
    """The exercises of a unit, a phase or the course, by state."""

    exercises: int
    passed: int
    stale: int = 0
    skipped: int = 0
    started: int = 0

    @property
    def open(self) -> int:
        """Exercises not yet tried."""
        return self.exercises - self.passed - self.stale - self.skipped - self.started

    @property
    def percent(self) -> int:
        """The share that is passed, rounded down: 100 means all of them."""
        return 100 * self.passed // self.exercises if self.exercises else 0


class Progress(NamedTuple):
    """How far a learner has come."""

    states: dict[str, State]
    """The state of each exercise, in course order."""
    next: str | None
    opens: tuple[str, ...]
    """The exercises whose needs are met once ``next`` is passed, and are not before."""
    total: Total
    phases: dict[str, Total]
    units: dict[str, Total]


class Study(NamedTuple):
    """The days of study: those with an attempt or an entry in the log."""

    streak: int
    """Days in a row up to today; a today without study does not yet break it."""
    longest: int
    recent: int
    """Days of the last 30, today among them."""
    today: bool


def survey(
    course: Course, standings: Mapping[str, Standing], hashes: Mapping[str, str]
) -> Progress:
    """The progress through the course. ``hashes`` gives each exercise's checks as they are now."""
    states = {
        exercise.id: state_of(standings.get(exercise.id), hashes.get(exercise.id))
        for exercise in course.exercises()
    }
    following = next_exercise(course, states)
    phases = {
        phase.id: _total(states[e.id] for unit in phase.units for e in unit.exercises)
        for phase in course.phases
    }
    units = {unit.id: _total(states[e.id] for e in unit.exercises) for unit in course.units()}
    opens = opened_by(course, states, following) if following else ()
    return Progress(states, following, opens, _total(states.values()), phases, units)


def state_of(standing: Standing | None, checks_hash: str | None) -> State:
    """The state of one exercise.

    A pass stays a pass, or is stale when the checks have changed since; without a hash of
    today's checks nothing says that they have. A pass comes before a skip.
    """
    if standing is None:
        return "open"
    if standing.passed_at is not None:
        same = checks_hash is None or standing.passed_checks_hash == checks_hash
        return "passed" if same else "stale"
    if standing.skipped:
        return "skipped"
    return "started" if standing.attempts else "open"


def next_exercise(course: Course, states: Mapping[str, State]) -> str | None:
    """The exercise to do next, or None when all are passed.

    The first in course order that is open or started and whose needs are done; then the
    first stale one, to settle it; then the first skipped one.
    """
    exercises = list(course.exercises())
    for exercise in exercises:
        if states[exercise.id] not in _DONE and needs_met(exercise, states):
            return exercise.id
    for wanted in ("stale", "skipped"):
        for exercise in exercises:
            if states[exercise.id] == wanted:
                return exercise.id
    return None


def after(course: Course, progress: Progress, hand: str) -> Exercise | None:
    """The exercise to do once the one in hand is left: the next one, or the next but that one."""
    if progress.next != hand:
        return course.exercise(progress.next) if progress.next else None
    exercises = list(course.exercises())
    start = [exercise.id for exercise in exercises].index(hand)
    waiting = (
        exercise
        for exercise in exercises[start + 1 :] + exercises[:start]
        if progress.states[exercise.id] != "passed" and needs_met(exercise, progress.states)
    )
    return next(waiting, None)


def needs_met(exercise: Exercise, states: Mapping[str, State]) -> bool:
    """Whether all that the exercise builds on is passed, stale or skipped."""
    return all(states[need] in _DONE for need in exercise.needs)


def opened_by(course: Course, states: Mapping[str, State], passed: str) -> tuple[str, ...]:
    """The exercises whose needs are met once this one is passed, and are not before."""
    then = {**states, passed: "passed"}
    return tuple(
        exercise.id
        for exercise in course.exercises()
        if states[exercise.id] not in _DONE
        and not needs_met(exercise, states)
        and needs_met(exercise, then)
    )


def study_days(days: Iterable[date], today: date, is_off: Off = lambda day: False) -> Study:
    """The streak, the longest one, and the days studied of the last 30.

    A day off without study neither breaks a streak nor lengthens it; with study it is a day
    like any other.
    """
    done = {day for day in days if day <= today}
    runs = _runs(done, is_off)
    last = max(done, default=None)
    alive = last is not None and _bridged(last, today, is_off)
    return Study(
        streak=runs[-1] if alive else 0,
        longest=max(runs, default=0),
        recent=sum(today - day < timedelta(days=30) for day in done),
        today=today in done,
    )


def near(name: str, names: Iterable[str]) -> list[str]:
    """Up to three of the names that the given one may stand for, the closest first.

    The part after the slash is enough: ``sofmax`` is near ``attention/softmax``.
    """
    from difflib import get_close_matches

    wanted = name.casefold()
    whole: dict[str, list[str]] = {}
    for known in names:
        form = known.casefold()
        for part in dict.fromkeys((form, form.rpartition("/")[2])):
            whole.setdefault(part, []).append(known)
    close = get_close_matches(wanted, whole, n=3, cutoff=0.6)
    return list(dict.fromkeys(known for form in close for known in whole[form]))[:3]


def _total(states: Iterable[State]) -> Total:
    found = list(states)
    return Total(
        exercises=len(found),
        passed=found.count("passed"),
        stale=found.count("stale"),
        skipped=found.count("skipped"),
        started=found.count("started"),
    )


def _runs(days: set[date], is_off: Off) -> list[int]:
    """The lengths of the unbroken runs of days, in order."""
    runs: list[int] = []
    before = None
    for day in sorted(days):
        if before is not None and _bridged(before, day, is_off):
            runs[-1] += 1
        else:
            runs.append(1)
        before = day
    return runs


def _bridged(before: date, day: date, is_off: Off) -> bool:
    """Whether no day between the two had to be a day of study."""
    between = before + timedelta(days=1)
    while between < day and is_off(between):
        between += timedelta(days=1)
    return between >= day
