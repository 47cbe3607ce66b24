"""Which error a check awaits at the line that it had come to, as the check's own text says it.

An error of another type passes through ``with pytest.raises(ValueError)`` and through ``except
ValueError`` without a trace, so the check's file is read: what encloses the line?
"""

from __future__ import annotations

import ast
import functools
import linecache
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from grader.grading.judge.describe import add_article

CHECKS, SHARED = "check_", "shared.py"
"""How the name of a check file begins, and the file that checks share."""
ANY = frozenset({"Exception", "BaseException"})
"""Who catches all errors awaits none."""


def describe_awaited(trace: TracebackType | None) -> str:
    """Return ``a ValueError`` where that was awaited; empty where no error was."""
    for file, line in reversed(list(_list_lines(trace))):
        names = _find_names(file, line)
        if names:
            return add_article(" or ".join(names))
    return ""


def _list_lines(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    """Yield the lines on the stack that are a check's own, or of what checks share."""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if Path(file).name.startswith(CHECKS) or Path(file).name == SHARED:
            yield file, trace.tb_lineno
        trace = trace.tb_next


def _find_names(file: str, line: int) -> list[str]:
    """Return the errors that the innermost block around a line awaits."""
    found: list[str] = []
    # Whoever encloses comes before what is enclosed, so the last is the innermost.
    for node in _find_blocks("".join(linecache.getlines(file))):
        if _encloses(node.body, line):
            kinds = [part for kind in _list_kinds(node) for part in getattr(kind, "elts", [kind])]
            names = [ast.unparse(kind) for kind in kinds]
            found = [name for name in names if name not in ANY] or found
    return found


@functools.cache
def _find_blocks(text: str) -> tuple[ast.With | ast.Try, ...]:
    """Return the blocks of a file that may await an error, read once for all its checks."""
    try:
        tree = ast.parse(text)
    except SyntaxError:  # it was edited while it ran
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.With | ast.Try))


def _encloses(body: list[ast.stmt], line: int) -> bool:
    return body[0].lineno <= line <= (body[-1].end_lineno or line)


def _list_kinds(node: ast.With | ast.Try) -> list[ast.expr]:
    if isinstance(node, ast.Try):
        return [handler.type for handler in node.handlers if handler.type is not None]
    calls = [item.context_expr for item in node.items]
    return [
        call.args[0]
        for call in calls
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.raises" and call.args
    ]
