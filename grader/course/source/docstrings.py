"""A source without its docstrings."""

from __future__ import annotations

import ast
import warnings


def strip_docstrings(source: str) -> str:
    """Return the source without its docstrings; unchanged if it is not valid Python."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines = source.split("\n")
    documented = {number for node in nodes for number in _find_docstring_lines(node, lines)}
    kept = [line for number, line in enumerate(lines) if number not in documented]
    return "\n".join(kept).strip("\n")


def _find_docstring_lines(node: ast.AST, lines: list[str]) -> range:
    """Return the lines, counted from 0, of a docstring with code after it, and blank ones after."""
    if not isinstance(node, _WITH_DOCSTRING) or ast.get_docstring(node, clean=False) is None:
        return range(0)
    first, *more = node.body
    start, end = first.lineno - 1, first.end_lineno or first.lineno
    alone = not lines[start][: first.col_offset].strip()
    if not more or more[0].lineno <= end or not alone:
        return range(0)
    while not lines[end].strip():
        end += 1
    return range(start, end)


_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
