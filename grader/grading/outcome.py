"""What a run found: one result per check, one outcome per exercise, one attempt per record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["passed", "failed", "blocked", "timeout", "crashed", "memory"]
Verdict = Literal["passed", "failed", "open", "error", "grader_error"]
Target = Literal["exercises", "solutions", "mine", "again"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. Every text is already harmless to print."""

    name: str
    claim: str
    status: Status
    message: str = ""
    asked: str = ""
    want: str = ""
    got: str = ""
    where: str = ""
    says_cause: bool = False
    """Whether the message itself says what is wrong: an error, a type, a dtype, a name."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The known mistake whose answers are the learner's answers."""

    mistake: str
    says: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading one exercise found."""

    exercise: str
    target: Target
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    looks_like: Diagnosis | None
    seed: int
    seconds: float
    fault: str = ""
    """Set when the verdict is ``error`` or ``grader_error``: what happened, and where."""
    relations: tuple[str, ...] = ()
    """What is measurably so of the answers, each in one sentence."""
    unrecorded: str = ""
    """Why the attempt could not be recorded; empty when it was, or was not to be."""

    @property
    def first_failure(self) -> CheckResult | None:
        """The check to fix first: the first that broke, or else the first that was blocked."""
        broken = [check for check in self.checks if check.status != "passed"]
        asked = [check for check in broken if check.status != "blocked"]
        return next(iter(asked or broken), None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One grading of the learner's file, as recorded."""

    exercise: str
    verdict: Verdict
    checks: dict[str, Status]
    seed: int
    seconds: float
    file_hash: str
    """SHA-256 of the learner's file as graded."""
    checks_hash: str
    """SHA-256 of what was asked: the check file and the stub."""
    at: str
    """UTC, ISO 8601 with seconds: ``2026-11-22T21:04:05+00:00``."""
    day: str
    """The learner's local date, ``2026-11-22``."""
    mistake: str | None = None
    hints: int = 0
    """Hint level seen so far, 0 to 3."""
    revealed: bool = False
    """Whether the solution was shown before."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the records know of one exercise, all attempts summed up."""

    exercise: str
    attempts: int = 0
    first_attempt_at: str | None = None
    last_attempt_at: str | None = None
    last_verdict: Verdict | None = None
    passed_at: str | None = None
    """UTC time of the first pass; never taken back."""
    passed_day: str | None = None
    passed_checks_hash: str | None = None
    """The checks' hash of the latest pass: when the checks change, the pass is stale."""
    mistake: str | None = None
    hints: int = 0
    revealed: bool = False
    skipped: bool = False
