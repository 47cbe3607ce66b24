"""Small systematic changes to what an exercise asks for, each a source of its own.

``operators`` changes signs between and before values, ``values`` constants and collections,
``calls`` calls and their arguments, ``statements`` whole statements; each is a function from a
node of LibCST to what may stand in its place.

Own code, because neither library that was looked at gives changed texts alone: mutmut 3 puts all
mutants of a file into one, behind a switch of its own runner, and cosmic-ray brings a database,
an HTTP server and Git. Neither drops statements or keyword arguments, or moves a slice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst

from grader.authoring.mutation import calls, operators, statements, values
from grader.authoring.mutation.change import Change
from grader.authoring.mutation.mutant import Mutant
from grader.course.source.syntax import parse_source

RULES = (*operators.RULES, *values.RULES, *calls.RULES, *statements.RULES)


def generate_mutants(
    source: str, writes: Sequence[str], *, path: Path = Path("reference.py")
) -> list[Mutant]:
    """Generate every mutant of the functions and classes in ``writes``, in order of place.

    Signature defaults and decorators count; docstrings, annotations and the message of a
    ``raise`` do not. No two mutants mean the same, and none the same as the source.
    """
    seen = {ast.dump(parse_source(source, path))}
    module = cst.parse_module(source)
    walk = _Walk(_find_imports(module))
    found = []
    for function in _iterate_functions(module, frozenset(writes)):
        for node, (instead, says) in walk.iterate_changes(function):
            changed = module.deep_replace(node, instead)
            if isinstance(changed, cst.Module) and _is_new(changed.code, seen):
                found.append(Mutant.from_texts(source, changed.code, says))
    return found


class _Walk:
    """Goes through a function from top to bottom."""

    def __init__(self, imported: frozenset[str]) -> None:
        self._imported = imported

    def iterate_changes(
        self, node: cst.CSTNode, parent: cst.CSTNode | None = None
    ) -> Iterator[tuple[cst.CSTNode, Change]]:
        """Yield each node that can be changed, with a change."""
        if isinstance(node, cst.Annotation) or _is_docstring(node):
            return
        for kind, rule in RULES:
            if isinstance(node, kind):
                yield from ((node, change) for change in rule(node))
        if isinstance(node, cst.Call) and not isinstance(parent, cst.Expr):
            yield from ((node, change) for change in calls.drop_call(node, self._imported))
        if not isinstance(node, cst.Raise):
            for child in node.children:
                yield from self.iterate_changes(child, node)


def _iterate_functions(module: cst.Module, writes: frozenset[str]) -> Iterator[cst.FunctionDef]:
    """Yield the functions whose bodies a stub would blank."""
    for node in module.body:
        if isinstance(node, cst.FunctionDef) and node.name.value in writes:
            yield node
        elif isinstance(node, cst.ClassDef):
            for inner in node.body.body:
                if isinstance(inner, cst.FunctionDef):
                    names = {node.name.value, f"{node.name.value}.{inner.name.value}"}
                    yield from [inner] if names & writes else []


def _find_imports(module: cst.Module) -> frozenset[str]:
    """Return the names that the source imports: a function of a module is no method."""
    return frozenset(
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(module.code))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(
        node.value, cst.SimpleString | cst.ConcatenatedString
    )


def _is_new(code: str, seen: set[str]) -> bool:
    """Return True if no source before meant the same; what is no Python is not new either."""
    try:
        meaning = ast.dump(ast.parse(code))
    except SyntaxError:
        return False
    if meaning in seen:
        return False
    seen.add(meaning)
    return True
