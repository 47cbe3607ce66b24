"""Changes of the signs between and before values."""

from __future__ import annotations

import libcst as cst

from grader.surgery.mutation.change import Changes, Rule, shown, within

_COMPARED: dict[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThanEqual),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThan),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThanEqual),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThan),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
}
_REACHES: dict[type[cst.BaseBinaryOp], tuple[type[cst.BaseBinaryOp], ...]] = {
    cst.Add: (cst.Subtract, cst.Multiply),
    cst.Subtract: (cst.Add,),
    cst.Multiply: (cst.Divide, cst.Add),
    cst.Divide: (cst.Multiply, cst.FloorDivide),
    cst.FloorDivide: (cst.Divide, cst.Multiply),
    cst.Modulo: (cst.FloorDivide,),
    cst.Power: (cst.Multiply,),
    cst.MatrixMultiply: (cst.Multiply,),
    cst.LeftShift: (cst.RightShift,),
    cst.RightShift: (cst.LeftShift,),
    cst.BitAnd: (cst.BitOr,),
    cst.BitOr: (cst.BitAnd,),
    cst.BitXor: (cst.BitAnd,),
}
_AUGMENTED: dict[type[cst.BaseAugOp], type[cst.BaseAugOp]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
    cst.FloorDivideAssign: cst.MultiplyAssign,
    cst.ModuloAssign: cst.FloorDivideAssign,
    cst.PowerAssign: cst.MultiplyAssign,
    cst.MatrixMultiplyAssign: cst.MultiplyAssign,
    cst.BitAndAssign: cst.BitOrAssign,
    cst.BitOrAssign: cst.BitAndAssign,
    cst.BitXorAssign: cst.BitAndAssign,
    cst.LeftShiftAssign: cst.RightShiftAssign,
    cst.RightShiftAssign: cst.LeftShiftAssign,
}


def _compared(node: cst.ComparisonTarget) -> Changes:
    for other in _COMPARED.get(type(node.operator), ()):
        yield node.with_changes(operator=other()), _said(node.operator, other())


def _reckoned(node: cst.BinaryOperation) -> Changes:
    for other in _REACHES.get(type(node.operator), ()):
        yield node.with_changes(operator=other()), _said(node.operator, other())
    yield within(node, node.left), f"{shown(node.operator)} {shown(node.right)} is left out"
    yield within(node, node.right), f"{shown(node.left)} {shown(node.operator)} is left out"


def _joined(node: cst.BooleanOperation) -> Changes:
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    yield node.with_changes(operator=other), _said(node.operator, other)
    yield within(node, node.left), f"{shown(node.operator)} {shown(node.right)} is left out"
    yield within(node, node.right), f"{shown(node.left)} {shown(node.operator)} is left out"


def _before(node: cst.UnaryOperation) -> Changes:
    yield within(node, node.expression), _said(node, node.expression)


def _augmented(node: cst.AugAssign) -> Changes:
    other = _AUGMENTED.get(type(node.operator))
    if other is not None:
        yield node.with_changes(operator=other()), _said(node.operator, other())
    plain = cst.Assign([cst.AssignTarget(node.target)], node.value, node.semicolon)
    yield plain, f"{shown(node.operator)} becomes ="


def _said(was: cst.CSTNode, becomes: cst.CSTNode) -> str:
    return f"{shown(was)} becomes {shown(becomes)}"


RULES: tuple[Rule, ...] = (
    (cst.ComparisonTarget, _compared),
    (cst.BinaryOperation, _reckoned),
    (cst.BooleanOperation, _joined),
    (cst.UnaryOperation, _before),
    (cst.AugAssign, _augmented),
)
