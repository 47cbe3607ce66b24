"""Changes of the signs between and before values."""

from __future__ import annotations

import libcst as cst

from grader.authoring.mutation.change import Changes, Rule, fit, render

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


def _change_comparison(node: cst.ComparisonTarget) -> Changes:
    for other in _COMPARED.get(type(node.operator), ()):
        yield node.with_changes(operator=other()), _format_change(node.operator, other())


def _change_arithmetic(node: cst.BinaryOperation) -> Changes:
    for other in _REACHES.get(type(node.operator), ()):
        yield node.with_changes(operator=other()), _format_change(node.operator, other())
    yield (
        fit(node, node.left),
        f"{render(node.operator)} {render(node.right)} is left out",
    )
    yield (
        fit(node, node.right),
        f"{render(node.left)} {render(node.operator)} is left out",
    )


def _change_boolean(node: cst.BooleanOperation) -> Changes:
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    yield node.with_changes(operator=other), _format_change(node.operator, other)
    yield (
        fit(node, node.left),
        f"{render(node.operator)} {render(node.right)} is left out",
    )
    yield (
        fit(node, node.right),
        f"{render(node.left)} {render(node.operator)} is left out",
    )


def _drop_sign(node: cst.UnaryOperation) -> Changes:
    yield fit(node, node.expression), _format_change(node, node.expression)


def _change_assignment(node: cst.AugAssign) -> Changes:
    other = _AUGMENTED.get(type(node.operator))
    if other is not None:
        yield node.with_changes(operator=other()), _format_change(node.operator, other())
    plain = cst.Assign([cst.AssignTarget(node.target)], node.value, node.semicolon)
    yield plain, f"{render(node.operator)} becomes ="


def _format_change(was: cst.CSTNode, becomes: cst.CSTNode) -> str:
    return f"{render(was)} becomes {render(becomes)}"


RULES: tuple[Rule, ...] = (
    (cst.ComparisonTarget, _change_comparison),
    (cst.BinaryOperation, _change_arithmetic),
    (cst.BooleanOperation, _change_boolean),
    (cst.UnaryOperation, _drop_sign),
    (cst.AugAssign, _change_assignment),
)
