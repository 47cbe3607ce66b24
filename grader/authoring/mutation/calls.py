"""Changes of calls: what is called, with what, and whether at all."""

from __future__ import annotations

import libcst as cst

from grader.authoring.mutation.change import Changes, Rule, enclose, render

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


def _swap_twin(node: cst.Call) -> Changes:
    func = node.func
    if isinstance(func, cst.Attribute) and func.attr.value in TWINS:
        other = TWINS[func.attr.value]
        called: cst.BaseExpression = func.with_changes(attr=cst.Name(other))
        yield node.with_changes(func=called), f"{func.attr.value} becomes {other}"
    elif isinstance(func, cst.Name) and func.value in _BUILTIN_TWINS:
        other = _BUILTIN_TWINS[func.value]
        yield node.with_changes(func=cst.Name(other)), f"{func.value} becomes {other}"


def _drop_argument(node: cst.Call) -> Changes:
    """Drop each argument; a positional one only beside others."""
    for index, argument in enumerate(node.args):
        if len(node.args) > 1 or argument.keyword is not None:
            rest = [*node.args[:index], *node.args[index + 1 :]]
            says = render(argument.with_changes(comma=cst.MaybeSentinel.DEFAULT))
            yield _replace_arguments(node, rest), f"the argument {says} is left out"


def _swap_arguments(node: cst.Call) -> Changes:
    if len(node.args) < 2:
        return
    first, second = node.args[:2]
    if not any(argument.keyword or argument.star for argument in (first, second)):
        swapped = [
            first.with_changes(value=second.value),
            second.with_changes(value=first.value),
        ]
        says = f"the arguments {render(first.value)} and {render(second.value)} change places"
        yield _replace_arguments(node, [*swapped, *node.args[2:]]), says


def drop_call(node: cst.Call, imported: frozenset[str]) -> Changes:
    """Replace a call by what it works on: ``x`` for ``x.clone()`` and for ``math.sqrt(x)``."""
    func = node.func
    if isinstance(func, cst.Attribute) and _find_root(func.value) not in imported:
        yield enclose(func.value), f"the call of {func.attr.value} is left out"
    elif node.args and not (node.args[0].keyword or node.args[0].star):
        yield enclose(node.args[0].value), f"the call of {render(func)} is left out"


def _drop_view(node: cst.Attribute) -> Changes:
    if node.attr.value in _VIEWS:
        yield enclose(node.value), f".{node.attr.value} is left out"


def _find_root(node: cst.BaseExpression) -> str:
    """Return the name that a chain of attributes begins with, or an empty string."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def _replace_arguments(node: cst.Call, arguments: list[cst.Arg]) -> cst.Call:
    """Return the call with other arguments; the last without a comma."""
    if arguments:
        arguments[-1] = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(args=arguments)


RULES: tuple[Rule, ...] = (
    (cst.Call, _swap_twin),
    (cst.Call, _drop_argument),
    (cst.Call, _swap_arguments),
    (cst.Attribute, _drop_view),
)
