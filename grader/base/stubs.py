"""What a function looks like that is not written yet."""

from __future__ import annotations

import ast


def is_stub(function: ast.FunctionDef) -> bool:
    """Return whether a function's whole body, its docstring aside, raises NotImplementedError.

    The form decides, not the words of the error: who rewords a stub has not written it, and who
    raises NotImplementedError beside other code has.
    """
    match [statement for statement in function.body if not _is_text(statement)]:
        case [ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError")))]:
            return True
    return False


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
