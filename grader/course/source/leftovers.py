"""Helpers of a reference that a stub would keep although only the solution uses them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.source.syntax import Function, find_definitions, is_docstring, parse_source


@dataclass(frozen=True, slots=True)
class Leftover:
    """A function, class or private method that gives the solution away, and its line."""

    name: str
    line: int


def find_leftovers(
    source: str, writes: Sequence[str], *, path: Path = Path("reference.py")
) -> list[Leftover]:
    """Return what is not in ``writes`` and used only by the bodies that a stub leaves out.

    Methods count when they begin with one underscore: others are part of the class's interface.
    A doctest counts as a use, since the stub keeps it.
    """
    body = parse_source(source, path).body
    helpers = dict(_find_helpers(body, writes))
    kept, blanked = _find_uses(body, writes, set(helpers.values()))
    uses = {name: _find_names(node) for name, node in helpers.items()}
    seen, hidden = _find_reachable(kept, uses), _find_reachable(blanked, uses)
    return [Leftover(name, node.lineno) for name, node in helpers.items() if name in hidden - seen]


def _find_helpers(
    body: list[ast.stmt], writes: Sequence[str]
) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Yield definitions that are not to be written: at the top, and private methods."""
    classes = {name.partition(".")[0] for name in writes}
    for name, node in find_definitions(body).items():
        if name not in classes:
            yield name, node
        elif isinstance(node, ast.ClassDef) and name not in writes:
            for method, inner in find_definitions(node.body).items():
                private = method.startswith("_") and not method.startswith("__")
                if private and f"{name}.{method}" not in writes:
                    yield f"{name}.{method}", inner


def _find_uses(
    body: list[ast.stmt], writes: Sequence[str], helpers: set[Function | ast.ClassDef]
) -> tuple[set[str], set[str]]:
    """Return the names used by what a stub keeps, helpers aside, and by what it leaves out."""
    kept: set[str] = set()
    blanked: set[str] = set()
    for node in body:
        if isinstance(node, ast.ClassDef) and node not in helpers:
            inner = [n for n in node.body if n not in helpers]
            kept |= _find_names(*node.bases, *node.keywords, *node.decorator_list)
            parts = [(n, {node.name, f"{node.name}.{getattr(n, 'name', '')}"}) for n in inner]
        else:
            parts = [] if node in helpers else [(node, {getattr(node, "name", "")})]
        for part, names in parts:
            if isinstance(part, Function) and names & set(writes):
                shown = part.body[:1] if is_docstring(part.body[0]) else []
                kept |= _find_names(part.args, part.returns, *part.decorator_list, *shown)
                blanked |= _find_names(*part.body[len(shown) :])
            else:
                kept |= _find_names(part)
    return kept, blanked


def _find_reachable(start: set[str], uses: dict[str, set[str]]) -> set[str]:
    """Return the helpers that are used from ``start``, directly or through one another."""
    reached: set[str] = set()
    names = set(start)
    while more := {h for h in uses.keys() - reached if h.rpartition(".")[2] in names}:
        reached |= more
        names = names.union(*(uses[helper] for helper in more))
    return reached


def _find_names(*nodes: ast.AST | None) -> set[str]:
    """Return the names and attributes that the nodes mention, also in docstrings' examples."""
    found: set[str] = set()
    for node in (inner for outer in nodes if outer for inner in ast.walk(outer)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= _find_example_names(node.value)
    return found


def _find_example_names(text: str) -> set[str]:
    lines = (line.strip() for line in text.splitlines())
    examples = (line[3:] for line in lines if line.startswith((">>>", "...")))
    words = " ".join(examples).translate({ord(c): " " for c in "()[]{}.,:;=+-*/<>@!%&|^~'\"\\"})
    return set(words.split())
