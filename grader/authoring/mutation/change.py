"""What may stand in a node's place, and the parentheses that this may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst

Change = tuple[cst.CSTNode, str]
"""A node for the place of another, and the change in words."""

Changes = Iterator[Change]
Rule = tuple[type[cst.CSTNode], Callable[[Any], Changes]]
"""A kind of node, and all that may stand in its place."""

_LOOSE = (
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.GeneratorExp,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
    cst.Tuple,
    cst.UnaryOperation,
)
_EMPTY = cst.Module([])


def enclose(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the expression, in parentheses where it would fall apart among others."""
    if not isinstance(node, _LOOSE) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def fit(outer: cst.BaseExpression, inner: cst.BaseExpression) -> cst.BaseExpression:
    """Return an inner expression for the place of the outer, in the outer's parentheses."""
    return enclose(inner) if outer.lpar else inner


def render(node: cst.CSTNode) -> str:
    """Return the node's code in one line of at most 40 letters."""
    code = " ".join(_EMPTY.code_for_node(node).split())
    return code if len(code) <= 40 else f"{code[:37]}..."


def make_number(value: int) -> cst.BaseExpression:
    """Return a whole number as code."""
    if value < 0:
        return cst.UnaryOperation(cst.Minus(), cst.Integer(str(-value)))
    return cst.Integer(str(value))
