"""One exercise with all its texts, read once, and what could not be read of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from grader.base.errors import CourseError, Fault
from grader.base.paths import Workspace
from grader.course.loader import files
from grader.course.loader.faults import FaultReport
from grader.course.loader.files import ListedExercise
from grader.course.loader.text import read_text
from grader.course.model import Exercise, Mistake
from grader.course.source import stub
from grader.course.source.claims import Claim, read_claims
from grader.course.source.mistakes import read_mistakes
from grader.course.source.variants import Variant, build_variants
from grader.services.session import Session

T = TypeVar("T")

COSTS = frozenset({"pace", "room"})
"""Fixtures of checks that measure time or memory: what only costs too much answers rightly."""
UNREPEATABLE = frozenset({"killed", "long_run"})
"""Fixtures of checks whose questions cannot be asked again: their answers are no evidence."""


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """Where the parts of an exercise lie, as an author reads it."""

    lesson: Path
    checks: Path
    mistakes: Path
    reference: Path
    stub: Path
    unit: Path
    entry: int
    """Line of its entry in the unit's file."""
    hints: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One exercise, read; ``faults`` says what could not be."""

    exercise: Exercise
    at: CaseFiles
    lesson: str
    checks: str
    reference: str
    stub: str
    """The reference blanked; empty where it cannot be made, and so with the next three."""
    claims: tuple[Claim, ...]
    mistakes: tuple[Mistake, ...]
    variants: tuple[Variant, ...]
    """The reference with each spelling of each mistake."""
    faults: tuple[Fault, ...]
    reach: tuple[str, ...] = ()
    """The exercises that it builds on, which its reference may import."""

    def find_claim_line(self, check: str) -> int:
        """Return the line of a check's definition."""
        return next((claim.line for claim in self.claims if claim.name == check), 1)

    def find_functions(self) -> dict[str, tuple[str | None, ast.FunctionDef]]:
        """Return the functions to write, by path; each with its class, if it has one."""
        found: dict[str, tuple[str | None, ast.FunctionDef]] = {}
        for node in ast.parse(self.reference).body:
            if isinstance(node, ast.FunctionDef) and node.name in self.exercise.writes:
                found[node.name] = (None, node)
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                path = f"{getattr(node, 'name', '')}.{getattr(inner, 'name', '')}"
                asked = {path, path.partition(".")[0]} & set(self.exercise.writes)
                if isinstance(inner, ast.FunctionDef) and asked:
                    found[path] = (path.partition(".")[0], inner)
        return found


def read_one_case(session: Session, exercise: Exercise) -> Case:
    """Read the case of one exercise, with its place in the unit's file."""
    entries = files.read(session.workspace).iterate_exercises()
    return read_case(session, exercise, next(one for one in entries if one.id == exercise.id))


def read_case(session: Session, exercise: Exercise, found: ListedExercise) -> Case:
    """Read the case of an exercise, with a fault for each part that cannot be read."""
    workspace = session.workspace
    at, faults = _locate_files(workspace, exercise, found), list[Fault]()

    def read_part(path: Path) -> str:
        report = FaultReport(path)
        part = read_text(workspace.root / path, report)
        faults.extend(report.faults)
        return (part or "").replace("\r\n", "\n")

    def try_making(make: Callable[[], T], otherwise: T) -> T:
        try:
            return make()
        except CourseError as error:
            faults.extend(error.faults)
            return otherwise

    lesson, checks, wrong, reference = map(
        read_part, (at.lesson, at.checks, at.mistakes, at.reference)
    )
    where = {"reference_path": at.reference, "mistakes_path": at.mistakes}
    return Case(
        exercise,
        at,
        lesson,
        checks,
        reference,
        stub=try_making(lambda: stub.make_stub(reference, exercise.writes, path=at.reference), ""),
        claims=try_making(lambda: read_claims(checks, path=at.checks), ()),
        mistakes=try_making(lambda: read_mistakes(wrong, path=at.mistakes), ()),
        variants=try_making(lambda: build_variants(reference, wrong, **where), ()),
        faults=tuple(dict.fromkeys(faults)),
        reach=session.course.list_reach(exercise),
    )


def _locate_files(workspace: Workspace, exercise: Exercise, found: ListedExercise) -> CaseFiles:
    def show(path: Path) -> Path:
        return Path(workspace.show_path(path))

    return CaseFiles(
        lesson=show(workspace.locate_lesson(exercise.id)),
        checks=show(workspace.locate_checks(exercise.id)),
        mistakes=show(workspace.locate_mistakes(exercise.id)),
        reference=show(workspace.locate_reference(exercise.id)),
        stub=show(workspace.locate_stub(exercise.id)),
        unit=found.report.path,
        entry=found.name.line,
        hints=tuple(hint.line for hint in found.value.get_items("hints")),
    )
