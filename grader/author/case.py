"""One exercise with all its texts, read once, and what could not be read of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from grader import surgery
from grader.course import Exercise, Mistake
from grader.curriculum.files import Found
from grader.curriculum.report import Report
from grader.curriculum.text import read_text
from grader.errors import CourseError, Fault
from grader.surgery import Claim
from grader.workspace import Workspace

T = TypeVar("T")

COSTS = frozenset({"pace", "room"})
"""Fixtures of checks that measure time or memory: what only costs too much answers rightly."""


@dataclass(frozen=True, slots=True)
class Places:
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
    at: Places
    lesson: str
    checks: str
    reference: str
    stub: str
    """The reference blanked; empty where it cannot be made, and so with the next three."""
    claims: tuple[Claim, ...]
    mistakes: tuple[Mistake, ...]
    variants: dict[str, str]
    faults: tuple[Fault, ...]

    def claim_line(self, check: str) -> int:
        """Line of a check's definition."""
        return next((claim.line for claim in self.claims if claim.name == check), 1)

    def written(self) -> dict[str, tuple[str | None, ast.FunctionDef]]:
        """The functions to write, by their path; each with its class, if it has one."""
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


def read(workspace: Workspace, exercise: Exercise, found: Found) -> Case:
    """The case of an exercise, with a fault for each part that cannot be read."""
    at, faults = _places(workspace, exercise, found), list[Fault]()

    def text(path: Path) -> str:
        report = Report(path)
        given = read_text(workspace.root / path, report)
        faults.extend(report.faults)
        return (given or "").replace("\r\n", "\n")

    def tried(make: Callable[[], T], otherwise: T) -> T:
        try:
            return make()
        except CourseError as error:
            faults.extend(error.faults)
            return otherwise

    lesson, checks, wrong, reference = map(text, (at.lesson, at.checks, at.mistakes, at.reference))
    where = {"reference_path": at.reference, "mistakes_path": at.mistakes}
    return Case(
        exercise,
        at,
        lesson,
        checks,
        reference,
        stub=tried(lambda: surgery.blank(reference, exercise.writes, path=at.reference), ""),
        claims=tried(lambda: surgery.claims(checks, path=at.checks), ()),
        mistakes=tried(lambda: surgery.mistakes(wrong, path=at.mistakes), ()),
        variants=tried(lambda: surgery.variants(reference, wrong, **where), {}),
        faults=tuple(dict.fromkeys(faults)),
    )


def _places(workspace: Workspace, exercise: Exercise, found: Found) -> Places:
    def shown(path: Path) -> Path:
        return Path(workspace.shown(path))

    return Places(
        lesson=shown(workspace.lesson(exercise.id)),
        checks=shown(workspace.checks(exercise.id)),
        mistakes=shown(workspace.mistakes(exercise.id)),
        reference=shown(workspace.reference(exercise.id)),
        stub=shown(workspace.stub(exercise.id)),
        unit=found.report.path,
        entry=found.name.line,
        hints=tuple(hint.line for hint in found.value.items("hints")),
    )
