"""What a check file claims and what a mistakes file holds, read without running either."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import pieces
from grader.course import Mistake
from grader.errors import CourseError, Fault
from grader.surgery.source import Function, definitions, is_docstring, sentence, tree


@dataclass(frozen=True, slots=True)
class Claim:
    """One check: its function's name, what it claims, and the line of its definition."""

    name: str
    claim: str
    """The first paragraph of its docstring; empty where it has none."""
    line: int
    asks: tuple[str, ...] = ()
    """Its parameters: fixtures, and names in the learner's file."""


def claims(check_text: str, *, path: Path = Path("checks.py")) -> tuple[Claim, ...]:
    """The checks of a check file in order: its top-level functions named ``test_...``."""

    def made() -> list[tuple[str, str, int, tuple[str, ...]]]:
        return [
            (node.name, sentence(node), node.lineno, _parameters(node))
            for node in tree(check_text, path).body
            if isinstance(node, Function) and node.name.startswith("test_")
        ]

    kept = pieces.made(made, "claims", check_text)
    return tuple(Claim(name, claim, line, tuple(asks)) for name, claim, line, asks in kept)


def _parameters(function: Function) -> tuple[str, ...]:
    given = function.args
    return tuple(one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs))


def mistakes(
    text: str, reference: str | None = None, *, path: Path = Path("mistakes.py")
) -> tuple[Mistake, ...]:
    """The mistakes of a mistakes file in order; ``CourseError`` with all that is wrong in it.

    With the ``reference``, also that each mistake replaces something of it.
    """
    checked = "" if reference is None else f"beside {reference}"

    def made() -> list[list[object]]:
        return [list(mistake) for mistake in _mistakes(text, reference, path)]

    kept = pieces.made(made, "mistakes", text, checked)
    return tuple(Mistake(*row) for row in kept)


def _mistakes(text: str, reference: str | None, path: Path) -> tuple[Mistake, ...]:
    body = tree(text, path).body
    own = None if reference is None else definitions(tree(reference, Path("reference.py")).body)
    marked = [node for node in body if isinstance(node, Function)]
    wrong = [*_strays(body), *_twice(marked)]
    for node in marked:
        wrong += [*_faults(node), *(_strangers(node, own) if own is not None else ())]
    if wrong:
        raise CourseError([Fault(path, *found) for found in wrong])
    return tuple(Mistake(m.name, sentence(m), _caught_by(m)[0], m.lineno) for m in marked)


_Wrong = tuple[int, int, str, str]
"""Line, column, problem and remedy."""


def _wrong(node: ast.stmt, problem: str, remedy: str) -> _Wrong:
    return node.lineno, node.col_offset + 1, problem, remedy


def _strays(body: list[ast.stmt]) -> Iterator[_Wrong]:
    """Whatever is neither docstring, import nor mistake: no variant would have it."""
    for index, node in enumerate(body):
        if not isinstance(node, Function | ast.Import | ast.ImportFrom) and not (
            index == 0 and is_docstring(node)
        ):
            remedy = "move it into the mistake that uses it"
            yield _wrong(node, "only imports and mistakes stand at the top", remedy)


def _twice(marked: list[Function]) -> Iterator[_Wrong]:
    count = Counter(node.name for node in marked)
    for node in marked:
        if count[node.name] > 1:
            yield _wrong(node, f"two mistakes are named {node.name}", "rename one")


def _faults(mistake: Function) -> Iterator[_Wrong]:
    name = mistake.name
    if not sentence(mistake):
        remedy = "say in one sentence what the wrong code does"
        yield _wrong(mistake, f"{name} has no docstring", remedy)
    if len(_caught_by(mistake)) != 1:
        remedy = 'write @caught_by("test_...") above it, with the first check that it fails'
        yield _wrong(mistake, f"{name} does not name the one check that catches it", remedy)
    if not definitions(mistake.body):
        remedy = "define the wrong function inside it"
        yield _wrong(mistake, f"{name} replaces nothing", remedy)
    for index, node in enumerate(mistake.body):
        if not isinstance(node, Function | ast.ClassDef) and not (
            index == 0 and is_docstring(node)
        ):
            remedy = "move it into the function that uses it"
            yield _wrong(node, f"only functions and classes stand in {name}", remedy)


def _strangers(mistake: Function, own: dict[str, Function | ast.ClassDef]) -> Iterator[_Wrong]:
    """What does not match the reference; a helper of the mistake's own begins with ``_``."""
    inner = definitions(mistake.body)
    if inner and not own.keys() & inner.keys() and all(name[0] == "_" for name in inner):
        yield _wrong(mistake, f"{mistake.name} replaces nothing of the reference", "replace it")
    for name, node in inner.items():
        if name not in own and name[0] != "_":
            remedy = f"use a name of the reference ({', '.join(own)}), or begin a helper with _"
            yield _wrong(node, f"the reference has no {name}", remedy)
        elif name in own and isinstance(own[name], ast.ClassDef) != isinstance(node, ast.ClassDef):
            kind = "class" if isinstance(own[name], ast.ClassDef) else "function"
            yield _wrong(node, f"{name} is a {kind} in the reference", f"make it a {kind}")
        elif name in own and isinstance(node, ast.ClassDef):
            yield from _more_than_methods(node)


def _more_than_methods(node: ast.ClassDef) -> Iterator[_Wrong]:
    for index, inner in enumerate(node.body):
        if not isinstance(inner, Function) and not (index == 0 and is_docstring(inner)):
            remedy = "leave only the methods that replace the reference's"
            yield _wrong(inner, f"{node.name} holds more than methods", remedy)


def _caught_by(mistake: Function) -> list[str]:
    """The checks that its ``@caught_by`` names."""
    return [
        argument.value
        for call in mistake.decorator_list
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "caught_by"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
