"""Right answers that nobody made from the reference: honest styles, and libraries wrapped.

A style is written from the contract alone; a peer hands the work to a library. Both are
complete exercise files below ``tests`` and are graded as a learner's file is; a peer may use
what the contract says is not to be used.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from grader.course import Course, Exercise
from grader.engine.client import Engine
from grader.engine.plan import Plan, Report, Source
from grader.surgery import Claim
from grader.workspace import Workspace

Kind = Literal["styles", "peers"]

SEED = 5
ROOM, LOADING = 4096, 120.0
"""Megabytes that a peer may take, and seconds to be loaded in: its library comes first."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One such file."""

    kind: Kind
    exercise: Exercise
    path: Path

    def lacks(self) -> list[str]:
        """The libraries that it imports and that are not installed."""
        return [name for name in self.imports() if find_spec(name) is None]

    def imports(self) -> list[str]:
        """The libraries that it imports."""
        return sorted(set(self._imported()))

    def _imported(self) -> Iterator[str]:
        for node in ast.walk(ast.parse(self.path.read_text("utf-8"))):
            names = [alias.name for alias in getattr(node, "names", ())]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names if isinstance(node, ast.Import | ast.ImportFrom) else ():
                head = name.partition(".")[0]
                if head != "exercises" and head not in sys.stdlib_module_names:
                    yield head


def submissions(workspace: Workspace, course: Course, kind: Kind) -> list[Submission]:
    """Every submission of a kind whose exercise there is, by path."""
    found = []
    for path in sorted(workspace.submissions(kind).glob("*/*.py")):
        exercise = _exercise(course, path)
        if exercise is not None:
            found.append(Submission(kind, exercise, path))
    return found


def strangers(workspace: Workspace, course: Course, kind: Kind) -> list[Path]:
    """The submissions that are for no exercise."""
    files = sorted(workspace.submissions(kind).glob("*/*.py"))
    return [path for path in files if _exercise(course, path) is None]


def complaints(
    workspace: Workspace, engine: Engine, submission: Submission, claims: Sequence[Claim]
) -> list[str]:
    """What keeps it from passing: troubles, and each check that it does not pass."""
    with engine.run(_plan(workspace, submission)) as run:
        report = run.report()
    return list(_complaints(report, claims))


def _complaints(report: Report, claims: Sequence[Claim]) -> Iterator[str]:
    yield from filter(None, (report.fault, report.load_error))
    found = {finding.name: finding for finding in report.findings}
    for claim in claims:
        finding = found.get(claim.name)
        if finding is None:
            yield f"{claim.name}: it did not run"
        elif finding.status != "passed":
            yield f"{claim.name}: {finding.message or finding.status}"


def _plan(workspace: Workspace, submission: Submission) -> Plan:
    exercise, peer = submission.exercise, submission.kind == "peers"
    source = Source(
        exercise.id,
        submission.path.read_text("utf-8"),
        workspace.shown(submission.path),
        str(workspace.root / "solutions"),
        () if peer else exercise.forbids,
    )
    plan = Plan(
        source=source,
        check_file=str(workspace.checks(exercise.id)),
        seed=SEED,
        call_seconds=exercise.call_seconds,
        seconds=exercise.seconds,
        memory_mb=exercise.memory_mb,
    )
    if not peer:
        return plan
    roomy, patient = max(exercise.memory_mb, ROOM), exercise.seconds + LOADING
    return replace(plan, memory_mb=roomy, seconds=patient, load_seconds=LOADING)


def _exercise(course: Course, path: Path) -> Exercise | None:
    """The exercise with whose name the file's begins, the longest such name."""
    named = [
        one
        for one in course.exercises()
        if one.unit == path.parent.name and f"{path.stem}_".startswith(f"{one.name}_")
    ]
    return max(named, key=lambda one: len(one.name), default=None)
