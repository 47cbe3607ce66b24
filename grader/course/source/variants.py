"""Variants: the reference with one spelling of a mistake in it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from grader.course.source.edits import apply_edits
from grader.course.source.mistakes import MISTAKES, REFERENCE, read_spellings
from grader.course.source.syntax import parse_source


@dataclass(frozen=True, slots=True)
class Variant:
    """A wrong answer to an exercise, complete."""

    mistake: str
    label: str
    """The mistake's name, with the spelling's number where it has several."""
    line: int
    """Line of the spelling in the mistakes file."""
    text: str


def build_variants(
    reference: str,
    mistakes_text: str,
    *,
    reference_path: Path = REFERENCE,
    mistakes_path: Path = MISTAKES,
) -> tuple[Variant, ...]:
    """Return the variant of each spelling of each mistake, in the order of the file."""
    right = parse_source(reference, reference_path)
    spellings = [
        spelling
        for several in read_spellings(mistakes_text, reference, path=mistakes_path)
        for spelling in several
    ]
    imports = list(_find_missing_imports(right, parse_source(mistakes_text, mistakes_path)))
    texts = (
        _splice(apply_edits(reference, spelling.edits), wrong, imports)
        for spelling, wrong in zip(spellings, _read_definitions(mistakes_text), strict=True)
    )
    return tuple(
        Variant(spelling.mistake, spelling.label, spelling.line, text)
        for spelling, text in zip(spellings, texts, strict=True)
    )


def group_by_mistake(variants: Iterable[Variant]) -> dict[str, list[str]]:
    """Return the texts of each mistake's spellings by its name, in their order."""
    grouped: dict[str, list[str]] = {}
    for variant in variants:
        grouped.setdefault(variant.mistake, []).append(variant.text)
    return grouped


_Definition = cst.FunctionDef | cst.ClassDef


def _read_definitions(mistakes_text: str) -> Iterator[list[_Definition]]:
    """Yield the functions and classes of each spelling, in the order of the file."""
    for mistake in cst.parse_module(mistakes_text).body:
        if isinstance(mistake, cst.FunctionDef):
            blocks: list[cst.BaseCompoundStatement] = [
                node for node in mistake.body.body if isinstance(node, cst.With)
            ]
            yield from map(_list_definitions, blocks or [mistake])


def _list_definitions(node: cst.BaseCompoundStatement) -> list[_Definition]:
    """Return the functions and classes that stand in a body."""
    return [inner for inner in node.body.body if isinstance(inner, _Definition)]


def _splice(text: str, wrong: Sequence[_Definition], imports: Sequence[str]) -> str:
    """Return the text with the wrong definitions in place, their helpers before the first."""
    if not wrong:
        return text
    module = cst.parse_module(text)
    own = {node.name.value for node in module.body if isinstance(node, _Definition)}
    helpers = [_add_blank_line(node) for node in wrong if node.name.value not in own]
    given = {node.name.value: node for node in wrong}
    body: list[cst.BaseStatement] = []
    for node in _add_imports(module.body, imports):
        new = given.get(node.name.value) if isinstance(node, _Definition) else None
        if new is None:
            body.append(node)
        else:
            body += [*helpers, _replace_definition(node, new)]
            helpers = []
    return module.with_changes(body=body).code


def _replace_definition(old: cst.BaseStatement, new: _Definition) -> cst.BaseStatement:
    """Return the new function, or the old class with the new methods, below the old comments."""
    if not isinstance(old, cst.ClassDef):
        assert isinstance(old, cst.FunctionDef)
        return new.with_changes(leading_lines=old.leading_lines)
    given: dict[str, list[_Definition]] = {}
    for method in _list_definitions(new):
        given.setdefault(method.name.value, []).append(method)
    replaced = set(given)
    body: list[cst.BaseStatement] = []
    for line in _list_statements(old.body):
        if isinstance(line, cst.FunctionDef) and line.name.value in replaced:
            for method in given.pop(line.name.value, []):
                body.append(method.with_changes(leading_lines=line.leading_lines))
        else:
            body.append(line)
    body += [_add_blank_line(method) for methods in given.values() for method in methods]
    block = old.body if isinstance(old.body, cst.IndentedBlock) else cst.IndentedBlock([])
    return old.with_changes(body=block.with_changes(body=body))


def _list_statements(body: cst.BaseSuite) -> list[cst.BaseStatement]:
    """Return the statements of a class body, also of one that stands on the class's own line."""
    if isinstance(body, cst.SimpleStatementSuite):
        return [cst.SimpleStatementLine(body.body)]
    return [line for line in body.body if isinstance(line, cst.BaseStatement)]


def _add_blank_line(node: _Definition) -> _Definition:
    """Return the definition with an empty line before it."""
    return node.with_changes(leading_lines=[cst.EmptyLine(indent=False)])


def _add_imports(
    body: Sequence[cst.BaseStatement], imports: Sequence[str]
) -> list[cst.BaseStatement]:
    """Return the body with further imports after its last one, or after its docstring."""
    at = 0
    for index, node in enumerate(body):
        if isinstance(node, cst.SimpleStatementLine):
            first = node.body[0]
            text = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
            if isinstance(first, cst.Import | cst.ImportFrom) or (index == 0 and text):
                at = index + 1
    return [*body[:at], *(cst.parse_statement(text) for text in imports), *body[at:]]


def _find_missing_imports(right: ast.Module, wrong: ast.Module) -> Iterator[str]:
    """Yield the imports at the top of ``wrong`` that ``right`` lacks, one name each."""
    present = set(_list_imports(right))
    for text in dict.fromkeys(_list_imports(wrong)):
        root = text.split()[1].split(".")[0]
        if text not in present and root not in ("grader", "__future__"):
            yield text


def _list_imports(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (ast.unparse(ast.Import([alias])) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield ast.unparse(ast.ImportFrom(node.module, [alias], node.level))
