"""The contracts in a reference: signature and docstring of each name that the learner writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.base import render_cache
from grader.course.model import Exercise
from grader.course.source.syntax import Function, parse_source

_Definition = Function | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Contract:
    """What the learner's function or class is held to: its signature and docstring."""

    signature: str
    docstring: str


def read_contracts(reference: str, exercise: Exercise, path: Path) -> tuple[Contract, ...]:
    """Return the contract of each function, class and method that the learner writes, in order.

    ``CourseError`` names the place where the reference is not Python.
    """

    def compute() -> list[tuple[str, str]]:
        found = _find_contracts(reference, exercise, path)
        return [(contract.signature, contract.docstring) for contract in found]

    sources = ("contracts", reference, *exercise.writes, "", *exercise.names)
    cached = render_cache.compute(compute, *sources)
    return tuple(Contract(signature, docstring) for signature, docstring in cached)


def _find_contracts(reference: str, exercise: Exercise, path: Path) -> Iterator[Contract]:
    wanted = {*exercise.writes, *exercise.names}
    for node in parse_source(reference, path).body:
        if isinstance(node, _Definition) and node.name in wanted:
            yield _read_contract(reference, node)
        if isinstance(node, ast.ClassDef):
            for method in (item for item in node.body if isinstance(item, Function)):
                named = {node.name, f"{node.name}.{method.name}"} & wanted
                if named and _has_contract(method):
                    yield _read_contract(reference, method, f"{node.name}.")


def _has_contract(method: Function) -> bool:
    """Return True if a method says more than its class does."""
    return ast.get_docstring(method) is not None or not method.name.startswith("_")


def _read_contract(source: str, node: _Definition, owner: str = "") -> Contract:
    lines = source.splitlines()[node.lineno - 1 : node.body[0].lineno - 1]
    if not lines:  # the body is on the line of the definition
        lines = [source.splitlines()[node.lineno - 1].partition(":")[0] + ":"]
    signature = "\n".join(line[node.col_offset :] for line in lines).rstrip()
    if owner:
        signature = signature.replace(f"def {node.name}", f"def {owner}{node.name}", 1)
    return Contract(signature, ast.get_docstring(node) or "")
