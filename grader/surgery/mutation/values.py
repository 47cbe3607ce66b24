"""Changes of constants, choices, collections and slices."""

from __future__ import annotations

import libcst as cst

from grader.surgery.mutation.change import Changes, Rule, grouped, number, shown, within

_SWAPPED = {"True": "False", "False": "True"}


def _whole(node: cst.Integer) -> Changes:
    value = node.evaluated_value
    for other in (value + 1, value - 1):
        yield number(other), f"{node.value} becomes {other}"


def _fraction(node: cst.Float) -> Changes:
    other = repr(node.evaluated_value * 2 or 1.0)
    if other != "inf":
        yield node.with_changes(value=other), f"{node.value} becomes {other}"


def _truth(node: cst.Name) -> Changes:
    if node.value in _SWAPPED:
        other = _SWAPPED[node.value]
        yield node.with_changes(value=other), f"{node.value} becomes {other}"


def _text(node: cst.SimpleString) -> Changes:
    prefix = "b" if "b" in node.prefix.lower() else ""
    other = f'{prefix}"x"' if not node.raw_value else f'{prefix}""'
    yield node.with_changes(value=other), f"{shown(node)} becomes {other}"


def _choice(node: cst.IfExp) -> Changes:
    yield within(node, grouped(node.body)), f"{shown(node.test)} is always true"
    yield within(node, grouped(node.orelse)), f"{shown(node.test)} is always false"


def _sifted(node: cst.CompFor) -> Changes:
    for index, condition in enumerate(node.ifs):
        rest = [*node.ifs[:index], *node.ifs[index + 1 :]]
        yield node.with_changes(ifs=rest), f"{shown(condition)} is left out"


def _order(node: cst.Tuple | cst.List) -> Changes:
    first, second = [*node.elements, None, None][:2]
    if isinstance(first, cst.Element) and isinstance(second, cst.Element):
        swapped = [
            first.with_changes(value=second.value),
            second.with_changes(value=first.value),
        ]
        says = f"{shown(first.value)} and {shown(second.value)} change places"
        yield node.with_changes(elements=[*swapped, *node.elements[2:]]), says


def _fewer(node: cst.List | cst.Dict) -> Changes:
    for index, element in enumerate(node.elements):
        rest = [*node.elements[:index], *node.elements[index + 1 :]]
        bare = element.with_changes(comma=cst.MaybeSentinel.DEFAULT)
        if rest:
            rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        yield node.with_changes(elements=rest), f"{shown(bare)} is left out"


def _slice(node: cst.Slice) -> Changes:
    for side, absent in (("lower", 1), ("upper", -1)):
        bound: cst.BaseExpression | None = getattr(node, side)
        if bound is None:
            changed = node.with_changes(**{side: number(absent)})
            yield changed, f"{shown(node)} becomes {shown(changed)}"
            continue
        yield node.with_changes(**{side: None}), f"the {side} bound {shown(bound)} is left out"
        if not _is_number(bound):
            for sign in (cst.Add(), cst.Subtract()):
                moved = cst.BinaryOperation(grouped(bound), sign, number(1))
                says = f"the {side} bound {shown(bound)} becomes {shown(moved)}"
                yield node.with_changes(**{side: moved}), says


def _is_number(node: cst.BaseExpression) -> bool:
    inner = node.expression if isinstance(node, cst.UnaryOperation) else node
    return isinstance(inner, cst.Integer)


RULES: tuple[Rule, ...] = (
    (cst.Integer, _whole),
    (cst.Float, _fraction),
    (cst.Name, _truth),
    (cst.SimpleString, _text),
    (cst.IfExp, _choice),
    (cst.CompFor, _sifted),
    (cst.Tuple, _order),
    (cst.List, _order),
    (cst.List, _fewer),
    (cst.Dict, _fewer),
    (cst.Slice, _slice),
)
