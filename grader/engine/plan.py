"""What a run is about, as data that cross from the command line to the engine and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from grader.workspace import Workspace

UNJUDGED = "the judge's process ended before its report"
"""The fault of a run whose judge was killed; the client begins such a run again."""


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

    def data(self) -> dict[str, Any]:
        """The plan as plain data."""
        return asdict(self)

    def told(self) -> dict[str, Any]:
        """What a worker is told of it: nothing about the checks."""
        return {"source": asdict(self.source), "memory_mb": self.memory_mb}

    def of_reference(self) -> Plan:
        """The same plan for the exercise's reference, which may use what it likes."""
        exercise, others = self.source.exercise, self.source.others
        path = Workspace(Path(self.check_file).parents[2]).reference(exercise)
        source = Source(exercise, path.read_text("utf-8"), str(path), others)
        return replace(self, source=source)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Plan:
        """The plan of its plain data."""
        return cls(**{**data, "source": Source(**data["source"])})


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
    """The check met the stub's own NotImplementedError."""
    in_place: bool = False
    """The check would have passed, had no argument been changed."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run found."""

    findings: tuple[Finding, ...]
    load_error: str = ""
    """Why the learner's file could not be loaded; every check is blocked then."""
    fault: str = ""
    """What went wrong in the grader or in a check: ours, and no attempt."""
    out_of_time: bool = False
