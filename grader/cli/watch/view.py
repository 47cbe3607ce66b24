"""What there is to see at one moment, as frozen data, and the one place where it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import Condition
from typing import Any, Literal

from grader.base.printable import sanitize
from grader.course.model import Course, Exercise
from grader.course.source.claims import Claim
from grader.grading.outcome import CheckResult, Outcome
from grader.learner.progress import Progress

Activity = Literal["idle", "starting", "checking"]


@dataclass(frozen=True, slots=True)
class View:
    """The current exercise, what is known of it, and the messages beside it."""

    course: Course
    progress: Progress
    exercise: Exercise | None = None
    """The current exercise; None when nothing is left."""
    where: str = ""
    lesson: str = ""
    work: Activity = "idle"
    claims: tuple[Claim, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    """What the run under way has found so far."""
    steps: str = ""
    """How far a training run of the learner's code is; empty while there is none."""
    outcome: Outcome | None = None
    """The verdict on the newest text; None as long as there is none."""
    messages: tuple[str, ...] = ()
    """What else the learner should know."""
    batch: tuple[Outcome, ...] | None = None
    """The outcomes of a run of all exercises, so far; None when none was asked for."""
    whole: int = 0
    """How many exercises that run has."""

    @property
    def current_id(self) -> str:
        """The id of the current exercise, or ``""``."""
        return self.exercise.id if self.exercise is not None else ""


class LiveView:
    """The view as it is now. It may be changed from any thread, by one at a time."""

    def __init__(self, view: View, lock: Condition) -> None:
        self.now = view
        self.on_change: Callable[[View], None] = lambda view: None
        """Receives each new view, in whatever thread it was made and with the lock held."""
        self.lock = lock
        """The job runner's: while a job changes the view, no newer job can begin."""

    def change(self, **changes: Any) -> None:
        """Replace some fields."""
        with self.lock:
            self.now = replace(self.now, **changes)
            self.on_change(self.now)

    def say(self, *texts: str) -> None:
        """Show messages beside the verdict, in place of those before."""
        self.change(messages=split_lines(texts))


def split_lines(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts line by line, harmless to print."""
    return tuple(sanitize(line) for text in texts for line in text.splitlines())
