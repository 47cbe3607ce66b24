"""The learner's file as read once: what is graded is this text, whatever happens to the file."""

from __future__ import annotations

import ast
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from grader.base.stubs import is_stub
from grader.course.model import Exercise

LARGEST = 1 << 20
"""No exercise needs a file of more than a mebibyte."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A file's text, or why there is none."""

    shown: str
    """The path as the learner reads it."""
    text: str
    hash: str
    trouble: str = ""


def read_submission(path: Path, shown: str) -> Submission:
    """Read the file once. Only a plain file counts: not a folder, link, pipe or device."""
    try:
        from hashlib import sha256

        content = _read_bytes(path)
        return Submission(shown, content.decode("utf-8-sig"), sha256(content).hexdigest())
    except FileNotFoundError:
        trouble = f"{shown} does not exist; write a fresh stub with: grade reset {shown}"
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
    return Submission(shown, "", "", trouble)


def read_leniently(path: Path) -> str:
    """Return as much of a file's text as can be read, to show it; empty where there is none."""
    try:
        return _read_bytes(path).decode("utf-8-sig", "replace")
    except (_Refused, OSError):
        return ""


def is_unwritten(text: str, exercise: Exercise) -> bool:
    """Return whether all that the learner is to write still only raises NotImplementedError."""
    wanted = _find_wanted(text, exercise)
    return bool(wanted) and all(is_stub(node) for node in wanted.values())


def list_stubs(text: str, exercise: Exercise) -> tuple[str, ...]:
    """Return the functions to write that still only raise NotImplementedError."""
    return tuple(name for name, node in _find_wanted(text, exercise).items() if is_stub(node))


def _find_wanted(text: str, exercise: Exercise) -> dict[str, ast.FunctionDef]:
    """Return the functions and methods to write; none where the text is not Python."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = {path: node for node in body for path, node in _list_functions(node)}
    return {
        name: node
        for path in exercise.writes
        for name, node in found.items()
        if name == path or name.startswith(f"{path}.")
    }


def map_lines(text: str) -> dict[str, int]:
    """Return the line of each class, function and method of a text, by its path.

    Where the text is not Python there is none.
    """
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    classes = {node.name: node.lineno for node in body if isinstance(node, ast.ClassDef)}
    functions = {name: node.lineno for part in body for name, node in _list_functions(part)}
    return classes | functions


def find_first_line(path: Path, exercise: Exercise) -> int | None:
    """Return the line of the first thing to write, where the file can be read as Python."""
    try:
        body = ast.parse(read_submission(path, path.name).text).body
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == exercise.names[0]:
            return node.lineno
    return None


class _Refused(Exception):
    """A file that will not be read, and why."""


def _read_bytes(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise _Refused("is a symbolic link; replace it with the file itself")
    if path.is_dir():
        raise _Refused("is a folder, not a file; move it away and reset the exercise")
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise _Refused("is not a regular file; move it away and reset the exercise")
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _Refused("is larger than 1 MiB; an exercise is a short file")
    return content


def _list_functions(node: ast.stmt) -> list[tuple[str, ast.FunctionDef]]:
    if isinstance(node, ast.FunctionDef):
        return [(node.name, node)]
    if isinstance(node, ast.ClassDef):
        methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
        return [(f"{node.name}.{inner.name}", inner) for inner in methods]
    return []
