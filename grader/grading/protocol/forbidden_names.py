"""What a contract forbids, as the text of a file shows it: no call is waited for, nothing is run.

The worker refuses a library's function when a line of the learner's file calls it. That takes a
list of names, and some lists cannot be whole: PyTorch has a second and a third door to each of its
functions (``torch.ops.aten``, ``torch._C._nn``, ``torch._softmax``), and a method such as
``str.encode`` cannot be replaced. So these are looked for in the syntax tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BACK_DOORS = ("torch.ops.*", "torch._*")
"""Refused wherever anything is: other names of the same functions, and PyTorch's private ones."""


@dataclass(frozen=True, slots=True)
class ForbiddenUse:
    """A use of what is forbidden, and its line."""

    name: str
    line: int


def is_pattern(name: str) -> bool:
    """Return True for what the text is searched for: ``torch.ops.*``, ``.encode``, ``str(...)``."""
    return name.endswith(("*", "(...)")) or name.startswith(".")


def find_forbidden_use(text: str, forbids: Sequence[str]) -> ForbiddenUse | None:
    """Return the first use of what the patterns among ``forbids`` name; None without any.

    ``torch.ops.*`` is all that begins so, also under another name (``from torch import ops``);
    ``.encode`` is an attribute of anything; ``str(...)`` is a call of a builtin with more than one
    argument, as in ``str(data, "utf-8")``. What stands below ``if __name__ == "__main__":`` is not
    graded and may use everything.
    """
    if not forbids:
        return None
    patterns = [name for name in forbids if is_pattern(name)]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # loading the file says why
    tree.body = [node for node in tree.body if not _is_main_guard(node)]
    aliases = _list_aliases(tree)
    uses = _iterate_uses(tree, aliases, (*patterns, *BACK_DOORS))
    return min(uses, key=lambda use: use.line, default=None)


def _iterate_uses(
    tree: ast.AST, aliases: dict[str, str], patterns: Sequence[str]
) -> Iterator[ForbiddenUse]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = _find_name(node, aliases)
            shown = name or f".{getattr(node, 'attr', '')}"
            if any(_fits(pattern, name, node) for pattern in patterns):
                yield ForbiddenUse(shown, node.lineno)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for name in _list_imported(node):
                if any(_fits(pattern, name, node) for pattern in patterns):
                    yield ForbiddenUse(name, node.lineno)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            call = f"{node.func.id}(...)"
            if call in patterns and len(node.args) + len(node.keywords) > 1:
                yield ForbiddenUse(call, node.lineno)


def _fits(pattern: str, name: str, node: ast.AST) -> bool:
    if pattern.startswith("."):
        return isinstance(node, ast.Attribute) and f".{node.attr}" == pattern
    head = pattern.removesuffix("*")
    # ``torch.ops.*`` is torch.ops itself too: whoever has the package has all that is in it.
    begins = name.startswith(head) and not name.removeprefix(head).startswith("_")  # no dunders
    return pattern.endswith("*") and (begins or name == head.removesuffix("."))


def _list_aliases(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name of the file stands for."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                aliases[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return aliases


def _list_imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names if node.module and not node.level]


def _find_name(node: ast.expr, aliases: dict[str, str]) -> str:
    """Return the dotted library name that an expression spells; empty where it spells none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in aliases:
        return ""
    return ".".join([aliases[node.id], *reversed(parts)])


def _is_main_guard(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
