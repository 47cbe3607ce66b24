"""What a run is about, as data that cross from the command line to the host and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from grader.base.paths import Workspace

PATIENCE = 3.0
"""What computes on a busy machine may take so many times its limit on the clock."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be asked: its text as read once, and the path that its lines are shown with."""

    exercise: str
    text: str
    path: str
    others: str
    """The folder that serves every other exercise: ``solutions``, or ``exercises`` for mine."""
    forbids: Sequence[str] = ()
    """Library names that this file may not use."""
    reach: Sequence[str] | None = None
    """The exercises that this file may import; None for all of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run: a check file put to one source, under deadlines."""

    source: Source
    check_file: str
    seed: int
    call_seconds: float
    seconds: float
    memory_mb: int
    load_seconds: float = 20.0
    """Deadline for loading the source, which may import more of torch."""
    answers: str = ""
    """The folder in which the gate keeps what mistakes answer; a learner's run has none."""

    def to_data(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Plan:
        """Return the plan of its plain data."""
        return cls(**{**data, "source": Source(**data["source"])})

    def make_assignment(self) -> dict[str, Any]:
        """Return what a worker hears of the plan: nothing about the checks.

        The worker's memory is the learner's to read. What is not there cannot be found there.
        """
        return {"source": asdict(self.source), "memory_mb": self.memory_mb}

    def replace_by_reference(self) -> Plan:
        """Return the same plan for the exercise's reference, which may use what it likes."""
        exercise, others = self.source.exercise, self.source.others
        path = Workspace(Path(self.check_file).parents[2]).locate_reference(exercise)
        source = Source(exercise, path.read_text("utf-8"), str(path), others)
        return replace(self, source=source)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the judge found in one check, before the course's claim is put beside it."""

    name: str
    status: str
    message: str = ""
    asked: str = ""
    want: str = ""
    got: str = ""
    where: str = ""
    unwritten: bool = False
    """The check met a function that is not written yet."""
    in_place: bool = False
    """The check would have passed, had no argument been changed."""
    says_cause: bool = False
    """Whether the message itself says what is wrong: an error, a type, a dtype, a name."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run found."""

    findings: tuple[Finding, ...]
    load_error: str = ""
    """Why the learner's file could not be loaded; every check is blocked then."""
    fault: str = ""
    """What went wrong in the grader or in a check: ours, and no attempt."""
    broken_check: str = ""
    """The check that the fault is in, where it is in one."""
    judge_lost: bool = False
    """The judge's process ended before its report; the client begins such a run again."""
    worker_killed: bool = False
    """A worker was killed from outside; the client begins such a run again, once."""
    out_of_time: bool = False
    longest_call: float = 0.0
    """The seconds computed for the slowest answer of the source; 0 if each came at once."""
