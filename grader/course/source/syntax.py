"""Python source as a syntax tree, or the place of its syntax error."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from grader.base.errors import CourseError, Fault

Function = ast.FunctionDef | ast.AsyncFunctionDef


def parse_source(text: str, path: Path) -> ast.Module:
    """Return the tree; raise ``CourseError`` with the place where ``text`` is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape is for the linter to report
        try:
            return ast.parse(text)
        except SyntaxError as error:
            at, problem = (error.lineno or 1, error.offset or 1), error.msg
        except (ValueError, RecursionError, MemoryError) as error:
            at, problem = (1, 1), str(error) or "the code is nested too deeply"
    remedy = "fix the syntax"
    raise CourseError([Fault(path, *at, f"this is not Python: {problem}", remedy)])


def find_definitions(body: list[ast.stmt]) -> dict[str, Function | ast.ClassDef]:
    """Return the functions and classes that stand in a body, by name; the last of a name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name: node for node in body if isinstance(node, kinds)}


def is_docstring(node: ast.stmt) -> bool:
    """Return True if a body's first statement is its docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def read_sentence(node: ast.Module | ast.ClassDef | Function) -> str:
    """Return the first paragraph of the docstring in one line, empty where there is none."""
    return " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())


def differs_in_error_words_only(text: str, other: str) -> bool:
    """Return True if two modules are the same but for the messages that they raise."""
    first, second = (_dump_without_error_words(one) for one in (text, other))
    return first == second


def _dump_without_error_words(text: str) -> str:
    module = ast.parse(text)
    for node in ast.walk(module):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc.args = []
    return ast.dump(module)
