"""Changes of whole statements: dropped, forced, answered with nothing."""

from __future__ import annotations

import libcst as cst

from grader.authoring.mutation.change import Changes, Rule, render

_DROPPED = (
    cst.AnnAssign,
    cst.Assert,
    cst.Assign,
    cst.AugAssign,
    cst.Break,
    cst.Continue,
    cst.Del,
    cst.Expr,
    cst.Raise,
)


def _drop_statement(node: cst.BaseSmallStatement) -> Changes:
    yield cst.Pass(), f"{render(node)} is left out"


def _return_nothing(node: cst.Return) -> Changes:
    if node.value is not None and not _is_none(node.value):
        nothing = node.with_changes(value=cst.Name("None"))
        yield nothing, f"{render(node.value)} is not returned"


def _change_error(node: cst.Raise) -> Changes:
    """Raise another kind of error."""
    raised = node.exc
    kind = raised.func if isinstance(raised, cst.Call) else raised
    if isinstance(kind, cst.Name):
        other = cst.Name("TypeError" if kind.value == "ValueError" else "ValueError")
        changed = raised.with_changes(func=other) if isinstance(raised, cst.Call) else other
        yield node.with_changes(exc=changed), f"{kind.value} becomes {other.value}"


def _force_condition(node: cst.If) -> Changes:
    for truth in ("True", "False"):
        changed = node.with_changes(
            test=cst.Name(truth), whitespace_before_test=cst.SimpleWhitespace(" ")
        )
        yield changed, f"{render(node.test)} is always {truth.lower()}"


def _skip_while(node: cst.While) -> Changes:
    changed = node.with_changes(
        test=cst.Name("False"), whitespace_after_while=cst.SimpleWhitespace(" ")
    )
    yield changed, "the loop is never entered"


def _skip_for(node: cst.For) -> Changes:
    changed = node.with_changes(iter=cst.Tuple([]), whitespace_after_in=cst.SimpleWhitespace(" "))
    yield changed, "the loop is never entered"


def _replace_break(node: cst.Break) -> Changes:
    yield cst.Continue(semicolon=node.semicolon), "break becomes continue"


def _replace_continue(node: cst.Continue) -> Changes:
    yield cst.Break(semicolon=node.semicolon), "continue becomes break"


def _drop_decorator(node: cst.FunctionDef) -> Changes:
    for index, decorator in enumerate(node.decorators):
        rest = [*node.decorators[:index], *node.decorators[index + 1 :]]
        says = f"@{render(decorator.decorator)} is left out"
        yield node.with_changes(decorators=rest), says


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


RULES: tuple[Rule, ...] = (
    *((kind, _drop_statement) for kind in _DROPPED),
    (cst.Return, _return_nothing),
    (cst.Raise, _change_error),
    (cst.If, _force_condition),
    (cst.While, _skip_while),
    (cst.For, _skip_for),
    (cst.Break, _replace_break),
    (cst.Continue, _replace_continue),
    (cst.FunctionDef, _drop_decorator),
)
