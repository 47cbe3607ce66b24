"""After a pass: the reference, and beside it the learner's own code where they chose to show it.

Neither is on the site before: only the files of what is passed, or was revealed, are read.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from pathlib import Path

from grader.cache import Cache
from grader.course import Course, Exercise
from grader.notes.grammar import coloured
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
    cache, path = Cache(workspace.cache), workspace.shown(workspace.reference(exercise.id))
    shown = [_code(cache, "The reference", path, reference)]
    if mine:
        shown.append(_code(cache, _yours(scene, exercise, mine), mine.shown, mine.text))
    pair = f'<div class="gw-pair">{"".join(shown)}</div>'
    title = "Reference and your code" if mine else "Reference"
    return f"## {title}\n\nDocstrings are left out: the contract above has them.\n\n{pair}"


def _yours(scene: Scene, exercise: Exercise, mine: Paper) -> str:
    """Whether the file is still what passed."""
    passes = [a.file_hash for a in scene.tried(exercise.id) if a.verdict == "passed"]
    return "Your code, as it passed" if mine.hash in passes else "Your code, as it is now"


def bare(source: str) -> str:
    """The source without docstrings, which the page shows as the contract; as it is if unread."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines = source.split("\n")
    spoken = {number for node in nodes for number in _spoken(node, lines)}
    kept = [line for number, line in enumerate(lines) if number not in spoken]
    return "\n".join(kept).strip("\n")


def _spoken(node: ast.AST, lines: list[str]) -> range:
    """The lines, counted from 0, of a docstring that other code follows, and blank ones after."""
    if not isinstance(node, _DOCUMENTED) or ast.get_docstring(node, clean=False) is None:
        return range(0)
    first, *more = node.body
    start, end = first.lineno - 1, first.end_lineno or first.lineno
    alone = not lines[start][: first.col_offset].strip()
    if not more or more[0].lineno <= end or not alone:
        return range(0)
    while not lines[end].strip():
        end += 1
    return range(start, end)


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _code(cache: Cache, name: str, path: str, text: str) -> str:
    said = f"{attribute(name)} <code>{attribute(path)}</code>"
    if len(text) > _LARGEST:
        return f"<figure><figcaption>{said}: too long to be shown here.</figcaption></figure>"
    code = _coloured(cache, text)
    return f"<figure data-search-exclude><figcaption>{said}</figcaption>{code}</figure>"


def _coloured(cache: Cache, text: str) -> str:
    """The code as HTML, made once: colouring takes longer than all else on the page."""
    kept = cache.get("code", _FORM, text)
    if kept is None:
        kept = {"html": one_line(coloured(bare(text), "python"))}
        cache.put(kept, "code", _FORM, text)
    return kept["html"]


_FORM = "1"
"""Of the kept HTML; another form of it takes another number."""
