"""Whose code runs when an exercise is loaded with all that it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from grader.course.model import Exercise
from grader.services.session import Session
from grader.services.submission import list_stubs, read_submission

_PACKAGE = "exercises"


class Part(NamedTuple):
    """An exercise that is imported, and what of it the learner has not written."""

    exercise: Exercise
    unwritten: tuple[str, ...]
    """Its functions and classes that have a body which still only raises
    ``NotImplementedError``; all of them where there is no file."""


def list_parts(session: Session, exercise: Exercise) -> tuple[Part, ...]:
    """Return the exercise and all that the learner's files import from there on, itself first.

    Only imports are followed, not ``needs``: what is learned before is not always what runs.
    """
    known = {one.id: one for one in session.course.iterate_exercises()}
    waiting, parts = [exercise.id], dict[str, Part | None]()
    while waiting:
        name = waiting.pop(0)
        if name in parts:
            continue
        text = _read_text(session, name)
        one = known.get(name)
        parts[name] = None if one is None else Part(one, _find_unwritten(text, one))
        if text is None and one is not None:
            text = session.read_reference(one)  # what a stub would import
        waiting += list_imports(text or "", name)
    return tuple(part for part in parts.values() if part is not None)


def list_unwritten(session: Session, exercise: Exercise) -> tuple[Part, ...]:
    """Return the parts of which something is not written yet."""
    return tuple(part for part in list_parts(session, exercise) if part.unwritten)


def _read_text(session: Session, name: str) -> str | None:
    """Return a file of the exercises' folder; None where it cannot be read."""
    path = session.workspace.locate_stub(name)
    found = read_submission(path, session.workspace.show_path(path))
    return None if found.trouble else found.text


def _find_unwritten(text: str | None, exercise: Exercise) -> tuple[str, ...]:
    names = exercise.writes if text is None else list_stubs(text, exercise)
    return tuple(dict.fromkeys(name.partition(".")[0] for name in names))


def list_imports(text: str, name: str) -> list[str]:
    """Return what a text imports from the exercises' folder, as ``unit/name``."""
    try:
        nodes = [*ast.walk(ast.parse(text))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    here = [_PACKAGE, *name.split("/")]
    modules = [module for node in nodes for module in _list_modules(node, here)]
    return ["/".join(names) for package, *names in modules if package == _PACKAGE and names]


def _list_modules(node: ast.AST, here: list[str]) -> Iterator[list[str]]:
    """Yield the modules that a statement imports, each as the parts of its name."""
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".") for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = here[: -node.level] if node.level else []
        module = [*above, *node.module.split(".")] if node.module else above
        yield module
        yield from ([*module, alias.name] for alias in node.names)  # a file, or a name in one
