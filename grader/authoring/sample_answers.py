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

from grader.base.paths import Workspace
from grader.course.model import Course, Exercise
from grader.course.source.claims import Claim
from grader.grading.client import Engine
from grader.grading.protocol.plan import Plan, Report, Source

Kind = Literal["styles", "peers"]

SEED = 5
ROOM, LOADING = 4096, 120.0
"""Megabytes that a peer may take, and seconds to be loaded in: its library comes first."""


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """One such file."""

    kind: Kind
    exercise: Exercise
    path: Path

    def list_missing(self) -> list[str]:
        """List the libraries that it imports and that are not installed."""
        return [name for name in self.list_imports() if find_spec(name) is None]

    def list_imports(self) -> list[str]:
        """List the libraries that it imports."""
        return sorted(set(self._iterate_imports()))

    def _iterate_imports(self) -> Iterator[str]:
        for node in ast.walk(ast.parse(self.path.read_text("utf-8"))):
            names = [alias.name for alias in getattr(node, "names", ())]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names if isinstance(node, ast.Import | ast.ImportFrom) else ():
                head = name.partition(".")[0]
                if head != "exercises" and head not in sys.stdlib_module_names:
                    yield head


def list_samples(workspace: Workspace, course: Course, kind: Kind) -> list[SampleAnswer]:
    """List every sample of a kind whose exercise there is, by path."""
    found = []
    for path in sorted(workspace.locate_samples(kind).glob("*/*.py")):
        exercise = _find_exercise(course, path)
        if exercise is not None:
            found.append(SampleAnswer(kind, exercise, path))
    return found


def list_orphans(workspace: Workspace, course: Course, kind: Kind) -> list[Path]:
    """List the sample answers that are for no exercise."""
    files = sorted(workspace.locate_samples(kind).glob("*/*.py"))
    return [path for path in files if _find_exercise(course, path) is None]


def find_complaints(
    workspace: Workspace, engine: Engine, sample: SampleAnswer, claims: Sequence[Claim]
) -> list[str]:
    """Return what keeps it from passing: errors, and each check that it does not pass."""
    with engine.run(_build_plan(workspace, sample)) as run:
        report = run.collect_report()
    return list(_iterate_complaints(report, claims))


def _iterate_complaints(report: Report, claims: Sequence[Claim]) -> Iterator[str]:
    yield from filter(None, (report.fault, report.load_error))
    found = {finding.name: finding for finding in report.findings}
    for claim in claims:
        finding = found.get(claim.name)
        if finding is None:
            yield f"{claim.name}: it did not run"
        elif finding.status != "passed":
            yield f"{claim.name}: {finding.message or finding.status}"


def _build_plan(workspace: Workspace, sample: SampleAnswer) -> Plan:
    exercise, peer = sample.exercise, sample.kind == "peers"
    source = Source(
        exercise.id,
        sample.path.read_text("utf-8"),
        workspace.show_path(sample.path),
        str(workspace.root / "solutions"),
        () if peer else exercise.forbids,
    )
    plan = Plan(
        source=source,
        check_file=str(workspace.locate_checks(exercise.id)),
        seed=SEED,
        call_seconds=exercise.call_seconds,
        seconds=exercise.seconds,
        memory_mb=exercise.memory_mb,
    )
    if not peer:
        return plan
    roomy, patient = max(exercise.memory_mb, ROOM), exercise.seconds + LOADING
    return replace(plan, memory_mb=roomy, seconds=patient, load_seconds=LOADING)


def _find_exercise(course: Course, path: Path) -> Exercise | None:
    """Find the exercise with whose name the file's begins, the longest such name."""
    candidates = [
        one
        for one in course.iterate_exercises()
        if one.unit == path.parent.name and f"{path.stem}_".startswith(f"{one.name}_")
    ]
    return max(candidates, key=lambda one: len(one.name), default=None)
