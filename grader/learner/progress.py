"""What is done, what is open and what comes next: pure rules over course and standings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Literal, NamedTuple

from grader.course.model import Course, Exercise, Milestone, Unit
from grader.grading.outcome import Standing

ExerciseState = Literal["open", "started", "passed", "stale", "skipped"]

_DONE: frozenset[ExerciseState] = frozenset({"passed", "stale", "skipped"})
_PASSED: frozenset[ExerciseState] = frozenset({"passed", "stale"})


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


class MilestoneProgress(NamedTuple):
    """A milestone, and what it lacks."""

    milestone: Milestone
    missing: tuple[str, ...]
    """The exercises that it needs and that are not passed."""
    left: int
    """How many exercises stand before it on the main path that are not passed; beside the path,
    how many are missing."""

    runs: bool = False
    """Whether it has a program, which shows that it is reached: ``grade milestone``."""
    day: str = ""
    """The local date on which a run reached it."""

    @property
    def way(self) -> str:
        """What is left to do before it, in words."""
        more = f"{self.left} more exercise{'s' * (self.left != 1)}"
        # The path may come by exercises that the milestone does not need.
        return more + " on the main path" * (self.left > len(self.missing))

    @property
    def is_ready(self) -> bool:
        """Whether everything that it needs is passed, and its program has not been run yet."""
        return self.runs and not self.missing and not self.day

    @property
    def is_reached(self) -> bool:
        """Whether a run has reached it; without a program, whether all that it needs is passed."""
        return bool(self.day) if self.runs else not self.missing


class Progress(NamedTuple):
    """How far a learner has come."""

    states: dict[str, ExerciseState]
    """The state of each exercise, in course order."""
    next: str | None
    opens: tuple[str, ...]
    """The exercises whose needs are met once ``next`` is passed, and are not before."""
    total: Total
    phases: dict[str, Total]
    units: dict[str, Total]
    path: Total = Total(0, 0)
    """The exercises of the main path; none where the course has no path."""
    optional: Total = Total(0, 0)
    """The others, where it has one."""
    milestones: tuple[MilestoneProgress, ...] = ()
    """Those of the main path in its order, then the others."""
    offers: tuple[str, ...] = ()
    """The optional exercises to offer beside ``next``, because a milestone was just reached."""

    def find_coming(self) -> MilestoneProgress | None:
        """Return the first milestone that is not reached yet."""
        return next((one for one in self.milestones if not one.is_reached), None)


def survey(
    course: Course,
    standings: Mapping[str, Standing],
    hashes: Mapping[str, str],
    runs: Mapping[str, str] | None = None,
) -> Progress:
    """Return the progress through the course.

    ``hashes`` has each exercise's checks of today. ``runs`` has the milestones that have a program,
    and the day on which a run reached it, or nothing.
    """
    states = {
        exercise.id: find_state(standings.get(exercise.id), hashes.get(exercise.id))
        for exercise in course.iterate_exercises()
    }
    following = find_next(course, states)
    phases = {
        phase.id: _count_states(states[e.id] for unit in phase.units for e in unit.exercises)
        for phase in course.phases
    }
    units = {
        unit.id: _count_states(states[e.id] for e in unit.exercises)
        for unit in course.iterate_units()
    }
    return Progress(
        states,
        following,
        find_opened(course, states, following) if following else (),
        _count_states(states.values()),
        phases,
        units,
        _count_states(states[step.id] for step in course.path if isinstance(step, Exercise)),
        _count_states(states[exercise.id] for exercise in course.list_optional()),
        measure_milestones(course, states, runs or {}),
        find_offers(course, states, following) if following else (),
    )


def find_state(standing: Standing | None, checks_hash: str | None) -> ExerciseState:
    """Return the state of one exercise.

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


def find_next(course: Course, states: Mapping[str, ExerciseState]) -> str | None:
    """Return the exercise to do next, or None when all are passed.

    The first in course order that is open or started and whose needs are done; then the
    first stale one, to settle it; then the first skipped one.
    """
    exercises = list(course.iterate_exercises())
    for exercise in exercises:
        if states[exercise.id] not in _DONE and meets_needs(exercise, states):
            return exercise.id
    for wanted in ("stale", "skipped"):
        for exercise in exercises:
            if states[exercise.id] == wanted:
                return exercise.id
    return None


def find_following(course: Course, progress: Progress, current: str) -> Exercise | None:
    """Return the exercise to do once the current one is left: the next that is not itself."""
    if progress.next != current:
        return course.find_exercise(progress.next) if progress.next else None
    exercises = list(course.iterate_exercises())
    start = [exercise.id for exercise in exercises].index(current)
    waiting = (
        exercise
        for exercise in exercises[start + 1 :] + exercises[:start]
        if progress.states[exercise.id] != "passed" and meets_needs(exercise, progress.states)
    )
    return next(waiting, None)


def meets_needs(exercise: Exercise, states: Mapping[str, ExerciseState]) -> bool:
    """Return True if all that the exercise builds on is passed, stale or skipped."""
    return all(states[need] in _DONE for need in exercise.needs)


def find_opened(
    course: Course, states: Mapping[str, ExerciseState], passed: str
) -> tuple[str, ...]:
    """Return the exercises whose needs are met once this one is passed, and are not before."""
    then = {**states, passed: "passed"}
    return tuple(
        exercise.id
        for exercise in course.iterate_exercises()
        if states[exercise.id] not in _DONE
        and not meets_needs(exercise, states)
        and meets_needs(exercise, then)
    )


def measure_milestones(
    course: Course, states: Mapping[str, ExerciseState], runs: Mapping[str, str]
) -> tuple[MilestoneProgress, ...]:
    """Return each milestone with what it lacks; a pass counts also where it is stale."""
    left: dict[str, int] = {}
    count = 0
    for step in course.path:
        if isinstance(step, Milestone):
            left[step.id] = count
        else:
            count += states[step.id] not in _PASSED
    found = []
    for one in course.milestones:
        missing = tuple(need for need in one.needs if states[need] not in _PASSED)
        ahead = left.get(one.id, len(missing))
        found.append(MilestoneProgress(one, missing, ahead, one.id in runs, runs.get(one.id, "")))
    return tuple(found)


def find_offers(
    course: Course, states: Mapping[str, ExerciseState], following: str
) -> tuple[str, ...]:
    """Return the optional exercises to offer beside the next one.

    There are some only where the next exercise is the first after a milestone that is reached:
    those that are not done, whose needs are, and that belong to what was done, since they need
    some of it or are in a unit of which something is done.
    """
    if not _follows_milestone(course, states, following):
        return ()
    done = {name for name, state in states.items() if state in _DONE}
    units = {name.partition("/")[0] for name in done}
    return tuple(
        exercise.id
        for exercise in course.list_optional()
        if exercise.id not in done
        and meets_needs(exercise, states)
        and (exercise.needs or exercise.unit in units)
    )


def _follows_milestone(course: Course, states: Mapping[str, ExerciseState], exercise: str) -> bool:
    """Return True if the step before this one on the main path is a milestone that is reached."""
    for before, step in pairwise(course.path):
        if step.id == exercise and isinstance(before, Milestone):
            return all(states[need] in _PASSED for need in before.needs)
    return False


def is_finished(unit: Unit, progress: Progress) -> bool:
    """Return True if every exercise of a unit is passed, now or before its checks changed."""
    states = [progress.states[exercise.id] for exercise in unit.exercises]
    return bool(states) and all(state in _PASSED for state in states)


def find_similar(name: str, names: Iterable[str]) -> list[str]:
    """Return up to three of the names that the given one may stand for, the closest first.

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


def find_containing(words: str, titles: Mapping[str, str]) -> list[str]:
    """Return the names of which every given word begins a part, or a word of the title.

    ``bpe`` gives all exercises about byte-pair encoding; ``causal mask`` gives
    ``attention/causal_mask``.
    """
    wanted = _split_words(words)
    found = []
    for name, title in titles.items():
        parts = _split_words(f"{name} {title}")
        if wanted and all(any(part.startswith(word) for part in parts) for word in wanted):
            found.append(name)
    return found


def _split_words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()


def _count_states(states: Iterable[ExerciseState]) -> Total:
    found = list(states)
    return Total(
        exercises=len(found),
        passed=found.count("passed"),
        stale=found.count("stale"),
        skipped=found.count("skipped"),
        started=found.count("started"),
    )
