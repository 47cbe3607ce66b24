"""The course as data: phases hold units, units hold exercises, in the order of learning.

Named tuples, for every command needs them at its start and a dataclass takes five times as long
to make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

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


class Mistake(NamedTuple):
    """A known wrong variant: the reference with some functions replaced."""

    name: str
    says: str
    caught_by: str
    line: int
    """Line of its definition in the exercise's mistakes file."""


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
    call_seconds: float = 5.0
    """Deadline for one question, in seconds."""
    seconds: float = 60.0
    """Deadline for all checks together, in seconds."""
    memory_mb: int = 2048
    """What the learner's code may allocate beyond the libraries, in MiB."""

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


class Unit(NamedTuple):
    """Exercises about one component of an LLM."""

    id: str
    title: str
    summary: str
    exercises: tuple[Exercise, ...]


class Phase(NamedTuple):
    """A stretch of several weeks; ``weeks`` is the planned pace, fastest and slowest."""

    id: str
    title: str
    weeks: tuple[int, int]
    units: tuple[Unit, ...]


class Course(NamedTuple):
    """Everything that the curriculum says, in the order of learning."""

    title: str
    phases: tuple[Phase, ...]
    objectives: tuple[Objective, ...] = ()
    resources: tuple[Resource, ...] = ()

    def units(self) -> Iterator[Unit]:
        """All units in course order."""
        for phase in self.phases:
            yield from phase.units

    def exercises(self) -> Iterator[Exercise]:
        """All exercises in course order."""
        for unit in self.units():
            yield from unit.exercises

    def exercise(self, exercise_id: str) -> Exercise:
        """The exercise of that id; ``KeyError`` when there is none."""
        for exercise in self.exercises():
            if exercise.id == exercise_id:
                return exercise
        raise KeyError(exercise_id)


def caught_by(check: str) -> Callable[[Any], Any]:
    """Mark a mistake in a ``mistakes_<exercise>.py`` with the check that must catch it.

    The decorated function's docstring is the sentence a learner reads after "looks like:";
    the functions defined inside it replace those of the reference. The file is read as
    source and never run, so this decorator only has to exist.
    """

    def same(function: Any) -> Any:
        return function

    return same
