"""Variants: the reference with the functions of one mistake in place of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst

from grader.errors import CourseError, Fault
from grader.surgery.reading import mistakes
from grader.surgery.source import tree

_REFERENCE, _MISTAKES = Path("reference.py"), Path("mistakes.py")


def splice(
    reference: str,
    mistakes_text: str,
    name: str,
    *,
    reference_path: Path = _REFERENCE,
    mistakes_path: Path = _MISTAKES,
) -> str:
    """The variant of one mistake."""
    paths = {"reference_path": reference_path, "mistakes_path": mistakes_path}
    spliced = variants(reference, mistakes_text, **paths)
    if name not in spliced:
        remedy = f"choose one of {', '.join(spliced)}"
        raise CourseError([Fault(mistakes_path, 1, 1, f"there is no mistake {name}", remedy)])
    return spliced[name]


def variants(
    reference: str,
    mistakes_text: str,
    *,
    reference_path: Path = _REFERENCE,
    mistakes_path: Path = _MISTAKES,
) -> dict[str, str]:
    """The variant of each mistake, by its name, in the order of the file."""
    right = tree(reference, reference_path)
    mistakes(mistakes_text, reference, path=mistakes_path)
    imports = list(_missing_imports(right, tree(mistakes_text, mistakes_path)))
    module = cst.parse_module(reference)
    return {
        node.name.value: _variant(module, _definitions(node), imports)
        for node in cst.parse_module(mistakes_text).body
        if isinstance(node, cst.FunctionDef)
    }


_Definition = cst.FunctionDef | cst.ClassDef


def _definitions(node: _Definition) -> list[_Definition]:
    """The functions and classes that stand in a body."""
    return [inner for inner in node.body.body if isinstance(inner, _Definition)]


def _variant(module: cst.Module, wrong: Sequence[_Definition], imports: Sequence[str]) -> str:
    """The module with the wrong definitions in place, their helpers before the first of them."""
    own = {node.name.value for node in module.body if isinstance(node, _Definition)}
    helpers = [_apart(node) for node in wrong if node.name.value not in own]
    given = {node.name.value: node for node in wrong}
    body: list[cst.BaseStatement] = []
    for node in _with_imports(module.body, imports):
        new = given.get(node.name.value) if isinstance(node, _Definition) else None
        if new is None:
            body.append(node)
        else:
            body += [*helpers, _in_place(node, new)]
            helpers = []
    return module.with_changes(body=body).code


def _in_place(old: cst.BaseStatement, new: _Definition) -> cst.BaseStatement:
    """The new function, or the old class with the new methods, below the old comments."""
    if not isinstance(old, cst.ClassDef):
        assert isinstance(old, cst.FunctionDef)
        return new.with_changes(leading_lines=old.leading_lines)
    given: dict[str, list[_Definition]] = {}
    for method in _definitions(new):
        given.setdefault(method.name.value, []).append(method)
    replaced = set(given)
    body: list[cst.BaseStatement] = []
    for line in _lines(old.body):
        if isinstance(line, cst.FunctionDef) and line.name.value in replaced:
            for method in given.pop(line.name.value, []):
                body.append(method.with_changes(leading_lines=line.leading_lines))
        else:
            body.append(line)
    body += [_apart(method) for methods in given.values() for method in methods]
    block = old.body if isinstance(old.body, cst.IndentedBlock) else cst.IndentedBlock([])
    return old.with_changes(body=block.with_changes(body=body))


def _lines(body: cst.BaseSuite) -> list[cst.BaseStatement]:
    """The statements of a class body, also of one that stands on the class's own line."""
    if isinstance(body, cst.SimpleStatementSuite):
        return [cst.SimpleStatementLine(body.body)]
    return [line for line in body.body if isinstance(line, cst.BaseStatement)]


def _apart(node: _Definition) -> _Definition:
    """The definition with an empty line before it."""
    return node.with_changes(leading_lines=[cst.EmptyLine(indent=False)])


def _with_imports(
    body: Sequence[cst.BaseStatement], imports: Sequence[str]
) -> list[cst.BaseStatement]:
    """The body with further imports after its last one, or after its docstring."""
    at = 0
    for index, node in enumerate(body):
        if isinstance(node, cst.SimpleStatementLine):
            first = node.body[0]
            text = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
            if isinstance(first, cst.Import | cst.ImportFrom) or (index == 0 and text):
                at = index + 1
    return [*body[:at], *(cst.parse_statement(text) for text in imports), *body[at:]]


def _missing_imports(right: ast.Module, wrong: ast.Module) -> Iterator[str]:
    """The imports at the top of ``wrong`` that ``right`` lacks, one name each."""
    present = set(_imports(right))
    for text in dict.fromkeys(_imports(wrong)):
        root = text.split()[1].split(".")[0]
        if text not in present and root not in ("grader", "__future__"):
            yield text


def _imports(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (ast.unparse(ast.Import([alias])) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield ast.unparse(ast.ImportFrom(node.module, [alias], node.level))
