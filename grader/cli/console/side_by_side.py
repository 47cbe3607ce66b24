"""The reference and the learner's file: side by side where there is room, else as a diff."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.cli.console.terminal import fold, get_terminal_width, measure, paint
from grader.course.model import Exercise

GAP = 3
"""Columns between the two sides: a sign, with a space on each side."""


def format_solution(exercise: Exercise, reference: str, own: str) -> list[str]:
    """Return the reference beside the learner's file, without docstrings, or as a diff.

    Signs say what colours say: ``|`` a line that differs, ``<`` and ``>`` a line of one side only;
    in the diff ``+`` is the reference and ``-`` the learner's.
    """
    left, right = strip_docstrings(reference).splitlines(), strip_docstrings(own).splitlines()
    if not own.strip():
        head = paint(f"--- the reference: solutions/{exercise.id}.py", "strong")
        return [head, *map(fold, left)]
    column = max(map(measure, [*left, "the reference"]))
    if column + GAP + max(map(measure, [*right, "yours"])) <= get_terminal_width():
        head = paint(f"{'the reference':<{column}}   yours", "strong")
        return [head, *_pair_lines(left, right, column)]
    return [
        paint(f"--- yours: exercises/{exercise.id}.py", "strong"),
        paint(f"+++ the reference: solutions/{exercise.id}.py", "strong"),
        *map(fold, _mark_changes(right, left)),
    ]


def strip_docstrings(source: str) -> str:
    """Return Python without its docstrings; a text that is not Python stays as it is."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines: list[str | None] = [*source.splitlines()]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            text = node.body[0]
            end = text.end_lineno or text.lineno
            lines[text.lineno - 1 : end] = [None] * (end - text.lineno + 1)
            if end < len(lines) and not (lines[end] or "").strip():
                lines[end] = None  # the blank line after it
    return "\n".join(line for line in lines if line is not None).strip("\n") + "\n"


def _pair_lines(left: list[str], right: list[str], column: int) -> Iterator[str]:
    """Yield both texts in two columns; lines that they have in common are on one row."""
    for kind, ours, theirs in _match_lines(left, right):
        pad = " " * (column - measure(ours))
        if kind == "same":
            yield f"{ours}{pad}   {theirs}".rstrip()
            continue
        sign = "|" if ours and theirs else "<" if ours else ">"
        yield f"{_tint(ours, 'good')}{pad} {sign} {_tint(theirs, 'bad')}".rstrip()


def _match_lines(left: list[str], right: list[str]) -> Iterator[tuple[str, str, str]]:
    from difflib import SequenceMatcher
    from itertools import zip_longest

    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for ours, theirs in zip_longest(left[a:b], right[c:d], fillvalue=""):
            yield ("same" if kind == "equal" or ours == theirs else "other"), ours, theirs


def _mark_changes(own: list[str], reference: list[str]) -> Iterator[str]:
    """Yield the lines of a diff from the learner's text to the reference, all of them."""
    from difflib import SequenceMatcher

    for kind, a, b, c, d in SequenceMatcher(None, own, reference, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (f"  {line}".rstrip() for line in own[a:b])
        else:
            yield from (_tint(f"- {line}", "bad") for line in own[a:b])
            yield from (_tint(f"+ {line}", "good") for line in reference[c:d])


def _tint(line: str, kind: str) -> str:
    return paint(line, kind) if line else line
