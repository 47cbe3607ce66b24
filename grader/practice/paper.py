"""The learner's file as read once: what is graded is this text, whatever happens to the file."""

from __future__ import annotations

import ast
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from grader.course import Exercise

LARGEST = 1 << 20
"""No exercise needs a file of more than a mebibyte."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file's text, or why there is none."""

    shown: str
    """The path as the learner reads it."""
    text: str
    hash: str
    trouble: str = ""


def read(path: Path, shown: str) -> Paper:
    """Read the file once. Only a plain file counts: not a folder, link, pipe or device."""
    try:
        from hashlib import sha256

        content = _content(path)
        return Paper(shown, content.decode("utf-8-sig"), sha256(content).hexdigest())
    except FileNotFoundError:
        trouble = f"{shown} does not exist; a fresh stub comes with: grade reset {shown}"
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        trouble = (
            f"{shown}:{line}: byte {error.object[error.start]:#04x} is not UTF-8; "
            "save the file as UTF-8"
        )
    except _Refused as refusal:
        trouble = f"{shown} {refusal}"
    except OSError as error:
        trouble = f"{shown} cannot be read: {error.strerror}"
    return Paper(shown, "", "", trouble)


def unwritten(text: str, exercise: Exercise) -> bool:
    """Whether everything that the learner is to write still only raises NotImplementedError."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    found = {path: node for node in body for path, node in _functions(node)}
    wanted = [
        node
        for path in exercise.writes
        for name, node in found.items()
        if name == path or name.startswith(f"{path}.")
    ]
    return bool(wanted) and all(_only_raises(node) for node in wanted)


def begins(path: Path, exercise: Exercise) -> int | None:
    """The line of the first thing to write, where the file can be read as Python."""
    try:
        body = ast.parse(path.read_text("utf-8")).body
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == exercise.names[0]:
            return node.lineno
    return None


class _Refused(Exception):
    """A file that will not be read, and why."""


def _content(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise _Refused("is a symbolic link; put the file itself there")
    if path.is_dir():
        raise _Refused("is a folder, not a file; move it away and reset the exercise")
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise _Refused("is no plain file; move it away and reset the exercise")
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _Refused("is larger than 1 MiB; an exercise is a short file")
    return content


def _functions(node: ast.stmt) -> list[tuple[str, ast.FunctionDef]]:
    if isinstance(node, ast.FunctionDef):
        return [(node.name, node)]
    if isinstance(node, ast.ClassDef):
        methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
        return [(f"{node.name}.{inner.name}", inner) for inner in methods]
    return []


def _only_raises(function: ast.FunctionDef) -> bool:
    match [s for s in function.body if not _is_text(s)]:
        case [ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError")))]:
            return True
    return False


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
