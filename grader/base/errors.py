"""The exception tree: every error that a user may meet, each with its exit code.

Exit codes of the command line: 0 all passed, 1 not all passed, 2 usage or course error,
3 a fault of the grader's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PASSED, NOT_PASSED, USAGE, OUR_FAULT = 0, 1, 2, 3


class GroundworkError(Exception):
    """Something went wrong that the user should read about, in one message and no traceback."""

    exit_code = OUR_FAULT


class UsageError(GroundworkError):
    """The user asked for something that cannot be done as asked."""

    exit_code = USAGE


class WorkspaceError(UsageError):
    """The current folder is not in a workspace, or the workspace lacks a file it needs."""


class RecordsError(GroundworkError):
    """The records cannot be read or written."""


class NoteError(UsageError):
    """A note or a log entry cannot be read or written."""


class StorageError(UsageError):
    """The disk is full, or a file of the workspace may not be written."""


class GraderFault(GroundworkError):
    """The grader itself failed; no attempt is recorded."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One shortfall of the course: where it is, what is wrong and what to do about it."""

    path: Path
    line: int
    column: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.problem}; {self.remedy}"


class CourseError(GroundworkError):
    """The course's files have faults; all of them are reported at once."""

    exit_code = USAGE

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
