"""Edits of a reference's text: a piece that occurs in it once, and what stands in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

from grader.base.errors import CourseError
from grader.course.source.syntax import parse_source

Wrong = tuple[int, int, str, str]
"""Line, column, problem and remedy."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One ``edit(old, new)`` of a mistakes file, with its place there."""

    old: str
    new: str
    line: int
    column: int


def wrong_at(node: ast.stmt, problem: str, remedy: str) -> Wrong:
    """Return what is wrong at a statement of a mistakes file."""
    return node.lineno, node.col_offset + 1, problem, remedy


def is_edit(node: ast.stmt) -> TypeGuard[ast.Expr]:
    """Return True if a statement is a call of ``edit``, whatever its arguments are."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "edit"
    )


def read_edit(node: ast.stmt) -> Edit | None:
    """Return the edit that a statement is; None for anything else."""
    match node:
        case ast.Expr(
            ast.Call(ast.Name("edit"), [ast.Constant(str() as old), ast.Constant(str() as new)], [])
        ):
            return Edit(old, new, node.lineno, node.col_offset + 1)
    return None


def find_form_faults(node: ast.Expr) -> Iterator[Wrong]:
    """Yield what is wrong with a call of ``edit`` by itself."""
    found = read_edit(node)
    if found is None:
        problem = "the arguments of edit() are not two string literals"
        yield wrong_at(node, problem, "give a piece of the reference's text and its replacement")
    elif found.old == found.new:
        yield wrong_at(node, "the edit changes nothing", "write a second string that differs")


def find_faults(reference: str, edits: Sequence[Edit]) -> list[Wrong]:
    """Return what keeps the edits of one spelling from being applied to the reference."""
    wrong = [fault for edit in edits for fault in _find_place_faults(reference, edit)]
    if wrong or any(edit.old == edit.new for edit in edits):  # the latter is a fault of form
        return wrong
    return [*_find_overlaps(reference, edits)] or [*_find_result_faults(reference, edits)]


def apply_edits(reference: str, edits: Sequence[Edit]) -> str:
    """Return the reference with every edit made; each piece is looked for in the original."""
    text = reference
    # From the end to the beginning, so that the places of earlier pieces stay as they are.
    for edit in sorted(edits, key=lambda edit: reference.index(edit.old), reverse=True):
        start = reference.index(edit.old)
        text = text[:start] + edit.new + text[start + len(edit.old) :]
    return text


def _find_place_faults(reference: str, edit: Edit) -> Iterator[Wrong]:
    """Yield a fault unless the piece occurs exactly once, letter by letter."""
    count = _count_occurrences(reference, edit.old)
    shown = _shorten(edit.old)
    if not edit.old:
        problem, remedy = "the edit replaces no text", "give a piece of the reference's text"
    elif not count:
        problem = f"the reference has no text {shown}"
        remedy = "copy the piece from the reference as it is now"
    elif count > 1:
        problem = f"the reference has {shown} {count} times"
        remedy = "include more of the text around it, until it occurs once"
    else:
        return
    yield edit.line, edit.column, problem, remedy


def _find_overlaps(reference: str, edits: Sequence[Edit]) -> Iterator[Wrong]:
    ordered = sorted(edits, key=lambda edit: reference.index(edit.old))
    for before, edit in pairwise(ordered):
        if reference.index(before.old) + len(before.old) > reference.index(edit.old):
            problem = f"the edit overlaps with that of line {before.line}"
            yield edit.line, edit.column, problem, "merge the two edits"


def _find_result_faults(reference: str, edits: Sequence[Edit]) -> Iterator[Wrong]:
    """Yield a fault unless the edited reference is Python and means something else."""
    if not edits:
        return
    at = edits[0].line, edits[0].column
    try:
        edited = parse_source(apply_edits(reference, edits), Path("edited.py"))
    except CourseError as error:
        place = f"line {error.faults[0].line} of the edited reference"
        problem = f"the edited reference is not Python: {error.faults[0].problem} ({place})"
        yield *at, problem.replace("this is not Python: ", ""), "fix the edit's second string"
        return
    if ast.dump(edited) == ast.dump(parse_source(reference, Path("reference.py"))):
        problem = "the edit changes nothing but comments or layout"
        yield *at, problem, "write an edit that changes what the code does"


def _count_occurrences(text: str, piece: str) -> int:
    """Return how often a piece occurs, also where its occurrences overlap."""
    count, start = 0, text.find(piece)
    while piece and start >= 0:
        count, start = count + 1, text.find(piece, start + 1)
    return count


def _shorten(piece: str) -> str:
    first, more, _ = piece.strip().partition("\n")
    return repr(first if len(first) <= 60 else f"{first[:57]}...") + (" ..." if more else "")
