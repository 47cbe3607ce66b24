"""The course as data: phases hold units, units hold exercises; a main path leads through them.

Named tuples, for every command needs them at its start and a dataclass takes five times as long
to make.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

KINDS = ("paper", "book", "course", "codebase", "video", "article", "documentation")
"""What an entry of the reading list may be."""


class Objective(NamedTuple):
    """One thing a learner is able to do at the end of the course."""

    id: str
    text: str


class Resource(NamedTuple):
    """One entry of the reading list: a paper, book, course, codebase or video."""

    id: str
    title: str
    kind: str
    url: str
    authors: str = ""
    year: int | None = None
    objectives: tuple[str, ...] = ()
    """What it counts towards by itself, beside the objectives of the exercises that name it."""


class Hint(NamedTuple):
    """One step of the ladder of three: a question, the fact needed, the shape of the code."""

    level: int
    text: str


class CheckHint(NamedTuple):
    """A hint for whoever fails one of these checks; it stands in for the first of the ladder."""

    checks: tuple[str, ...]
    text: str


class Term(NamedTuple):
    """An entry of the glossary."""

    term: str
    text: str
    taught: str = ""
    """The exercise whose lesson explains it; empty for what the course takes as known."""
    also: tuple[str, ...] = ()
    """Other names that people use."""

    @property
    def anchor(self) -> str:
        """Its anchor on the glossary's page: lower case, hyphens between words."""
        return "-".join("".join(c if c.isalnum() else " " for c in self.term.lower()).split())


class Mistake(NamedTuple):
    """A known wrong answer in one sentence; its spellings are variants of the reference."""

    name: str
    says: str
    caught_by: str
    line: int
    """Line of its definition in the exercise's mistakes file."""


EXPECTED_SECONDS = 2.0
"""So long the checks of most exercises take at most; who waits longer is told so before."""


class Exercise(NamedTuple):
    """One stub to solve. ``id`` is ``unit/name``, as typed after ``grade``."""

    id: str
    title: str
    summary: str
    writes: tuple[str, ...]
    """What the learner writes: ``function`` or ``Class.method``, in file order."""
    minutes: int
    hints: tuple[Hint, ...]
    needs: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    """Library names that the learner's file may not use, such as ``torch.softmax``."""
    check_hints: tuple[CheckHint, ...] = ()
    call_seconds: float = 5.0
    """Deadline for one question, in seconds."""
    seconds: float = 60.0
    """Deadline for all checks together, in seconds."""
    memory_mb: int = 2048
    """What the learner's code may allocate beyond the libraries, in MiB."""
    expected_seconds: float = EXPECTED_SECONDS
    """How long the checks take on a right answer, in seconds; no deadline."""

    @property
    def unit(self) -> str:
        """The unit's id: the part before the slash."""
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        """The file's stem: the part after the slash."""
        return self.id.partition("/")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """The top-level functions and classes that the learner writes, which checks ask for."""
        return tuple(dict.fromkeys(path.partition(".")[0] for path in self.writes))


class Finish(NamedTuple):
    """What is announced when a unit is finished."""

    text: str
    """What the learner has now, in a sentence or two."""
    example: str
    """An input for the unit's demo."""
    log: str
    """The line that is proposed for the log."""


class Unit(NamedTuple):
    """Exercises about one component of an LLM."""

    id: str
    title: str
    summary: str
    exercises: tuple[Exercise, ...]
    finish: Finish | None = None


class Phase(NamedTuple):
    """A stretch of several weeks; ``weeks`` is the planned pace, fastest and slowest."""

    id: str
    title: str
    weeks: tuple[int, int]
    units: tuple[Unit, ...]


class TrainedModel(NamedTuple):
    """A kind of model that a milestone can train."""

    id: str
    """What ``grade milestone --model`` takes."""
    exercises: tuple[str, ...]
    """The exercises that only this kind runs on."""


class Milestone(NamedTuple):
    """Something that a learner has once some exercises are passed."""

    id: str
    title: str
    text: str
    """What one has then, in a sentence or two."""
    needs: tuple[str, ...]
    """The exercises that have to be passed."""
    models: tuple[TrainedModel, ...] = ()
    """The kinds of model that its program trains, the usual one first."""
    talk: str = ""
    """``chat`` if its program has a model, trained elsewhere, that answers in a conversation."""


class Course(NamedTuple):
    """Everything that the curriculum says, in the order of learning.

    The order of the course is the main path, then the optional exercises by phase and unit.
    """

    title: str
    phases: tuple[Phase, ...]
    objectives: tuple[Objective, ...] = ()
    resources: tuple[Resource, ...] = ()
    glossary: tuple[Term, ...] = ()
    summary: str = ""
    """What the course is, in one sentence; empty where course.yml does not say it."""
    goal: str = ""
    """What a learner has built at the end; empty where course.yml does not say it."""
    path: tuple[Exercise | Milestone, ...] = ()
    """The main path: exercises and the milestones between them (``spine`` in course.yml). Empty
    where course.yml has none; then no exercise is optional."""
    milestones: tuple[Milestone, ...] = ()
    """All milestones: those of the main path in its order, then the others."""

    def iterate_units(self) -> Iterator[Unit]:
        """Yield all units, phase by phase."""
        for phase in self.phases:
            yield from phase.units

    def iterate_exercises(self) -> Iterator[Exercise]:
        """Yield all exercises in course order."""
        main = {step.id for step in self.path if isinstance(step, Exercise)}
        yield from (step for step in self.path if isinstance(step, Exercise))
        for unit in self.iterate_units():
            yield from (exercise for exercise in unit.exercises if exercise.id not in main)

    def list_optional(self) -> tuple[Exercise, ...]:
        """Return the exercises that the main path leaves out, by unit; none without a path."""
        if not self.path:
            return ()
        steps = sum(isinstance(step, Exercise) for step in self.path)
        return tuple(self.iterate_exercises())[steps:]

    def list_reach(self, exercise: Exercise) -> tuple[str, ...]:
        """Return the ids of all exercises that this one builds on, directly or through another."""
        needs = {one.id: one.needs for one in self.iterate_exercises()}
        waiting, reached = [*exercise.needs], set[str]()
        while waiting:
            if (need := waiting.pop()) not in reached:
                reached.add(need)
                waiting += needs[need]
        return tuple(name for name in needs if name in reached)

    def find_exercise(self, exercise_id: str) -> Exercise:
        """Return the exercise of that id; raise ``KeyError`` if there is none."""
        for exercise in self.iterate_exercises():
            if exercise.id == exercise_id:
                return exercise
        raise KeyError(exercise_id)
