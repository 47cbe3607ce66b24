"""After a pass: the reference, and beside it the learner's own code where they chose to show it.

Neither is on the site before: only the files of what is passed, or was revealed, are read.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from pathlib import Path

from grader.course import Course, Exercise
from grader.notes import markup
from grader.outcome import Standing
from grader.pages.scene import Scene
from grader.pages.words import attribute, one_line
from grader.practice.paper import Paper, read, unwritten
from grader.progress import State
from grader.workspace import Workspace

_PASSED: tuple[State, ...] = ("passed", "stale")
_LARGEST = 40_000
"""Letters beyond which the learner's file is not shown."""


def references(
    workspace: Workspace, states: Mapping[str, State], standings: Mapping[str, Standing]
) -> dict[str, str]:
    """The references of what is passed or was revealed."""
    shown = [
        exercise
        for exercise, state in states.items()
        if state in _PASSED or (exercise in standings and standings[exercise].revealed)
    ]
    return {exercise: _text(workspace.reference(exercise)) for exercise in shown}


def solved(workspace: Workspace, course: Course, states: Mapping[str, State]) -> dict[str, Paper]:
    """The learner's own files of what is passed, but for those that are stubs again."""
    found = {}
    for exercise in course.exercises():
        if states[exercise.id] in _PASSED:
            path = workspace.stub(exercise.id)
            paper = read(path, workspace.shown(path))
            if paper.text and not unwritten(paper.text, exercise):
                found[exercise.id] = paper
    return found


def _text(path: Path) -> str:
    """The file, or nothing when it cannot be read: it is shown, not graded."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def section(scene: Scene, exercise: Exercise) -> str:
    """The reference by itself, or with the learner's code; nothing before a pass."""
    reference = scene.references.get(exercise.id)
    if not reference:
        return ""
    workspace, mine = scene.workspace, scene.solved.get(exercise.id)
    shown = [_code("The reference", workspace.shown(workspace.reference(exercise.id)), reference)]
    if mine:
        shown.append(_code(_yours(scene, exercise, mine), mine.shown, mine.text))
    pair = f'<div class="gw-pair" data-search-exclude>{"".join(shown)}</div>'
    title = "Reference and your code" if mine else "Reference"
    return f"## {title}\n\nDocstrings are left out: the contract above has them.\n\n{pair}"


def _yours(scene: Scene, exercise: Exercise, mine: Paper) -> str:
    """Whether the file is still what passed."""
    passes = [a.file_hash for a in scene.tried(exercise.id) if a.verdict == "passed"]
    return "Your code, as it passed" if mine.hash in passes else "Your code, as it is now"


def bare(source: str) -> str:
    """The source without docstrings, which the page shows as the contract; as it is if unread."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines: list[str | None] = list(source.split("\n"))
    for node in nodes:
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            first, *more = node.body
            alone = not more or more[0].lineno > (first.end_lineno or 0)
            if alone and (more or isinstance(node, ast.Module)):
                lines[first.lineno - 1 : first.end_lineno] = [None] * _height(first)
    kept = "\n".join(line for line in lines if line is not None)
    return re.sub(r"(:\n)\n+(?=[ \t]+\S)", r"\1", kept).strip("\n")


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _height(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _code(name: str, path: str, text: str) -> str:
    said = f"{attribute(name)}<br><code>{attribute(path)}</code>"
    if len(text) > _LARGEST:
        return f"<figure><figcaption>{said}: too long to be shown here.</figcaption></figure>"
    code = one_line(markup.coloured(bare(text), "python"))
    return f"<figure><figcaption>{said}</figcaption>{code}</figure>"
