"""Finds IPython's own syntax in a cell: magics, shell commands, questions. A file has none."""

from __future__ import annotations

import ast
import warnings
from typing import Any

from grader.base.errors import UsageError

SIGNS = ("%", "!", "?")


def check_plain_python(cell: str, first_line: int) -> None:
    """Raise ``UsageError`` with the line in the notebook's cell that only IPython understands.

    ``first_line`` is the number of the text's first line in that cell. A text that is Python, or
    that is neither, is a file as any editor could save it.
    """
    found = _find_ipython_syntax(cell)
    if found is None:
        return
    number = found + first_line
    raise UsageError(
        f"line {number} of the cell is IPython's, not Python: {cell.splitlines()[found].strip()}. "
        "The cell becomes the exercise's file, which is plain Python: move this line into a cell "
        "of its own. Nothing was written."
    )


def _find_ipython_syntax(cell: str) -> int | None:
    """Return the first such line, counted from 0."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return min(_list_ipython_lines(cell), default=None)
    return None


def _list_ipython_lines(cell: str) -> list[int]:
    """Return the lines where IPython would begin to rewrite the text; strings hold none."""
    from IPython.core import inputtransformer2 as syntax

    lines = cell.splitlines(keepends=True)
    tokens = syntax.make_tokens_by_line(lines)
    # Without types in some versions of IPython.
    kinds: tuple[Any, ...] = (
        syntax.MagicAssign,
        syntax.SystemAssign,
        syntax.EscapedCommand,
        syntax.HelpEnd,
    )
    found = [place.start_line for kind in kinds if (place := kind.find(tokens)) is not None]
    return [number for number in found if any(sign in lines[number] for sign in SIGNS)]
