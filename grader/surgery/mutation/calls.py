"""Changes of calls: what is called, with what, and whether at all."""

from __future__ import annotations

import libcst as cst

from grader.surgery.mutation.change import Changes, Rule, grouped, shown

_PAIRS = (
    ("max", "min"),
    ("amax", "amin"),
    ("argmax", "argmin"),
    ("any", "all"),
    ("sum", "mean"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("randn", "rand"),
    ("randn_like", "rand_like"),
    ("floor", "ceil"),
    ("triu", "tril"),
    ("cat", "stack"),
    ("lower", "upper"),
    ("lstrip", "rstrip"),
    ("find", "rfind"),
    ("index", "rindex"),
    ("split", "rsplit"),
    ("partition", "rpartition"),
    ("startswith", "endswith"),
    ("removeprefix", "removesuffix"),
)
TWINS = {a: b for one, other in _PAIRS for a, b in ((one, other), (other, one))} | {
    "round": "trunc",
    "abs": "neg",
    "std": "var",
    "var": "std",
}
"""Names of methods and library functions that are taken for one another."""

_BUILTIN_TWINS = {"max": "min", "min": "max", "any": "all", "all": "any", "round": "int"}
_VIEWS = frozenset({"T", "mT", "H", "mH"})


def _twin(node: cst.Call) -> Changes:
    func = node.func
    if isinstance(func, cst.Attribute) and func.attr.value in TWINS:
        other = TWINS[func.attr.value]
        called: cst.BaseExpression = func.with_changes(attr=cst.Name(other))
        yield node.with_changes(func=called), f"{func.attr.value} becomes {other}"
    elif isinstance(func, cst.Name) and func.value in _BUILTIN_TWINS:
        other = _BUILTIN_TWINS[func.value]
        yield node.with_changes(func=cst.Name(other)), f"{func.value} becomes {other}"


def _arguments(node: cst.Call) -> Changes:
    """One argument fewer; a positional one only beside others."""
    for index, argument in enumerate(node.args):
        if len(node.args) > 1 or argument.keyword is not None:
            rest = [*node.args[:index], *node.args[index + 1 :]]
            said = shown(argument.with_changes(comma=cst.MaybeSentinel.DEFAULT))
            yield _with(node, rest), f"the argument {said} is left out"


def _places(node: cst.Call) -> Changes:
    if len(node.args) < 2:
        return
    first, second = node.args[:2]
    if not any(argument.keyword or argument.star for argument in (first, second)):
        swapped = [
            first.with_changes(value=second.value),
            second.with_changes(value=first.value),
        ]
        says = f"the arguments {shown(first.value)} and {shown(second.value)} change places"
        yield _with(node, [*swapped, *node.args[2:]]), says


def left_out(node: cst.Call, imported: frozenset[str]) -> Changes:
    """What the call works on, without it: ``x`` for ``x.clone()`` and for ``math.sqrt(x)``."""
    func = node.func
    if isinstance(func, cst.Attribute) and _root(func.value) not in imported:
        yield grouped(func.value), f"the call of {func.attr.value} is left out"
    elif node.args and not (node.args[0].keyword or node.args[0].star):
        yield grouped(node.args[0].value), f"the call of {shown(func)} is left out"


def _view(node: cst.Attribute) -> Changes:
    if node.attr.value in _VIEWS:
        yield grouped(node.value), f".{node.attr.value} is left out"


def _root(node: cst.BaseExpression) -> str:
    """The name that a chain of attributes begins with; empty where it begins otherwise."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def _with(node: cst.Call, arguments: list[cst.Arg]) -> cst.Call:
    """The call with other arguments; the last without a comma."""
    if arguments:
        arguments[-1] = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(args=arguments)


RULES: tuple[Rule, ...] = (
    (cst.Call, _twin),
    (cst.Call, _arguments),
    (cst.Call, _places),
    (cst.Attribute, _view),
)
