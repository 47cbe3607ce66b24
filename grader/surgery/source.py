"""Python source as a syntax tree, or the place where it is none."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from grader.errors import CourseError, Fault

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree(text: str, path: Path) -> ast.Module:
    """The tree; ``CourseError`` with the place where ``text`` is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape is for the linter to tell
        try:
            return ast.parse(text)
        except SyntaxError as error:
            at, problem = (error.lineno or 1, error.offset or 1), error.msg
        except (ValueError, RecursionError, MemoryError) as error:
            at, problem = (1, 1), str(error) or "it is nested too deeply"
    remedy = "mend the syntax"
    raise CourseError([Fault(path, *at, f"this is not Python: {problem}", remedy)])


def definitions(body: list[ast.stmt]) -> dict[str, Function | ast.ClassDef]:
    """The functions and classes that stand in a body, by name; the last of a name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name: node for node in body if isinstance(node, kinds)}


def is_docstring(node: ast.stmt) -> bool:
    """Whether a body's first statement is its docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def sentence(node: ast.Module | ast.ClassDef | Function) -> str:
    """The first paragraph of the docstring in one line, empty where there is none."""
    return " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
