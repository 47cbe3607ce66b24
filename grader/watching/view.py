"""What there is to see at one moment, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from grader.course import Course, Exercise
from grader.outcome import CheckResult, Outcome
from grader.progress import Progress
from grader.surgery import Claim

Work = Literal["idle", "starting", "checking"]


@dataclass(frozen=True, slots=True)
class View:
    """The exercise in hand, what is known of it, and what was said."""

    course: Course
    progress: Progress
    exercise: Exercise | None = None
    """The exercise in hand; None when nothing is left."""
    where: str = ""
    lesson: str = ""
    work: Work = "idle"
    claims: tuple[Claim, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    """What the run under way has found so far."""
    outcome: Outcome | None = None
    """The verdict on the newest text; None as long as there is none."""
    said: tuple[str, ...] = ()
    """What else the learner should know."""
    batch: tuple[Outcome, ...] | None = None
    """The outcomes of a run of all exercises, so far; None when none was asked for."""
    whole: int = 0
    """How many exercises that run has."""

    @property
    def hand(self) -> str:
        """The id of the exercise in hand, or ``""``."""
        return self.exercise.id if self.exercise is not None else ""
