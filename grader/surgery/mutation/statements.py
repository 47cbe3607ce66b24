"""Changes of whole statements: dropped, forced, answered with nothing."""

from __future__ import annotations

import libcst as cst

from grader.surgery.mutation.change import Changes, Rule, shown

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


def _dropped(node: cst.BaseSmallStatement) -> Changes:
    yield cst.Pass(), f"{shown(node)} is left out"


def _returned(node: cst.Return) -> Changes:
    if node.value is not None and not _is_none(node.value):
        nothing = node.with_changes(value=cst.Name("None"))
        yield nothing, f"{shown(node.value)} is not returned"


def _raised(node: cst.Raise) -> Changes:
    """Another kind of error."""
    raised = node.exc
    kind = raised.func if isinstance(raised, cst.Call) else raised
    if isinstance(kind, cst.Name):
        other = cst.Name("TypeError" if kind.value == "ValueError" else "ValueError")
        changed = raised.with_changes(func=other) if isinstance(raised, cst.Call) else other
        yield node.with_changes(exc=changed), f"{kind.value} becomes {other.value}"


def _branched(node: cst.If) -> Changes:
    for truth in ("True", "False"):
        changed = node.with_changes(
            test=cst.Name(truth), whitespace_before_test=cst.SimpleWhitespace(" ")
        )
        yield changed, f"{shown(node.test)} is always {truth.lower()}"


def _repeated(node: cst.While) -> Changes:
    changed = node.with_changes(
        test=cst.Name("False"), whitespace_after_while=cst.SimpleWhitespace(" ")
    )
    yield changed, "the loop is never entered"


def _for(node: cst.For) -> Changes:
    changed = node.with_changes(iter=cst.Tuple([]), whitespace_after_in=cst.SimpleWhitespace(" "))
    yield changed, "the loop is never entered"


def _ended(node: cst.Break) -> Changes:
    yield cst.Continue(semicolon=node.semicolon), "break becomes continue"


def _continued(node: cst.Continue) -> Changes:
    yield cst.Break(semicolon=node.semicolon), "continue becomes break"


def _decorated(node: cst.FunctionDef) -> Changes:
    for index, decorator in enumerate(node.decorators):
        rest = [*node.decorators[:index], *node.decorators[index + 1 :]]
        says = f"@{shown(decorator.decorator)} is left out"
        yield node.with_changes(decorators=rest), says


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


RULES: tuple[Rule, ...] = (
    *((kind, _dropped) for kind in _DROPPED),
    (cst.Return, _returned),
    (cst.Raise, _raised),
    (cst.If, _branched),
    (cst.While, _repeated),
    (cst.For, _for),
    (cst.Break, _ended),
    (cst.Continue, _continued),
    (cst.FunctionDef, _decorated),
)
