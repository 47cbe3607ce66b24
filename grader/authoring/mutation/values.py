"""Changes of constants, choices, collections and slices."""

from __future__ import annotations

import libcst as cst

from grader.authoring.mutation.change import (
    Changes,
    Rule,
    enclose,
    fit,
    make_number,
    render,
)

_SWAPPED = {"True": "False", "False": "True"}


def _change_integer(node: cst.Integer) -> Changes:
    value = node.evaluated_value
    for other in (value + 1, value - 1):
        yield make_number(other), f"{node.value} becomes {other}"


def _change_float(node: cst.Float) -> Changes:
    other = repr(node.evaluated_value * 2 or 1.0)
    if other != "inf":
        yield node.with_changes(value=other), f"{node.value} becomes {other}"


def _flip_truth(node: cst.Name) -> Changes:
    if node.value in _SWAPPED:
        other = _SWAPPED[node.value]
        yield node.with_changes(value=other), f"{node.value} becomes {other}"


def _change_string(node: cst.SimpleString) -> Changes:
    prefix = "b" if "b" in node.prefix.lower() else ""
    other = f'{prefix}"x"' if not node.raw_value else f'{prefix}""'
    yield node.with_changes(value=other), f"{render(node)} becomes {other}"


def _force_choice(node: cst.IfExp) -> Changes:
    yield (
        fit(node, enclose(node.body)),
        f"{render(node.test)} is always true",
    )
    yield (
        fit(node, enclose(node.orelse)),
        f"{render(node.test)} is always false",
    )


def _drop_filter(node: cst.CompFor) -> Changes:
    for index, condition in enumerate(node.ifs):
        rest = [*node.ifs[:index], *node.ifs[index + 1 :]]
        yield node.with_changes(ifs=rest), f"{render(condition)} is left out"


def _swap_elements(node: cst.Tuple | cst.List) -> Changes:
    first, second = [*node.elements, None, None][:2]
    if isinstance(first, cst.Element) and isinstance(second, cst.Element):
        swapped = [
            first.with_changes(value=second.value),
            second.with_changes(value=first.value),
        ]
        says = f"{render(first.value)} and {render(second.value)} change places"
        yield node.with_changes(elements=[*swapped, *node.elements[2:]]), says


def _drop_element(node: cst.List | cst.Dict) -> Changes:
    for index, element in enumerate(node.elements):
        rest = [*node.elements[:index], *node.elements[index + 1 :]]
        bare = element.with_changes(comma=cst.MaybeSentinel.DEFAULT)
        if rest:
            rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        yield node.with_changes(elements=rest), f"{render(bare)} is left out"


def _move_slice(node: cst.Slice) -> Changes:
    for side, absent in (("lower", 1), ("upper", -1)):
        bound: cst.BaseExpression | None = getattr(node, side)
        if bound is None:
            changed = node.with_changes(**{side: make_number(absent)})
            yield changed, f"{render(node)} becomes {render(changed)}"
            continue
        yield (
            node.with_changes(**{side: None}),
            f"the {side} bound {render(bound)} is left out",
        )
        if not _is_number(bound):
            for sign in (cst.Add(), cst.Subtract()):
                moved = cst.BinaryOperation(enclose(bound), sign, make_number(1))
                says = f"the {side} bound {render(bound)} becomes {render(moved)}"
                yield node.with_changes(**{side: moved}), says


def _is_number(node: cst.BaseExpression) -> bool:
    inner = node.expression if isinstance(node, cst.UnaryOperation) else node
    return isinstance(inner, cst.Integer)


RULES: tuple[Rule, ...] = (
    (cst.Integer, _change_integer),
    (cst.Float, _change_float),
    (cst.Name, _flip_truth),
    (cst.SimpleString, _change_string),
    (cst.IfExp, _force_choice),
    (cst.CompFor, _drop_filter),
    (cst.Tuple, _swap_elements),
    (cst.List, _swap_elements),
    (cst.List, _drop_element),
    (cst.Dict, _drop_element),
    (cst.Slice, _move_slice),
)
