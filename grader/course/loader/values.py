"""Checked values with their places, and the interface of every shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from grader.course.loader.faults import FaultReport, quote
from grader.course.loader.nodes import Broken, Items, Node, Scalar


@dataclass(frozen=True, slots=True)
class Value:
    """A checked value with its place: a text or number, a list of Values, or named Values."""

    value: Any
    line: int
    column: int
    whole: bool = True
    """False for a list of which some items were refused."""

    def get(self, key: str) -> Value | None:
        """Return the value of a key, None where it is absent or was refused."""
        found = self.value.get(key)
        return found if isinstance(found, Value) else None

    def get_items(self, key: str) -> list[Value]:
        """Return the items of the list under a key; none where it is absent or was refused."""
        found = self.get(key)
        return list(found.value) if found else []

    def strip_places(self) -> Any:
        """Return the value without places, with lists as tuples."""
        if isinstance(self.value, dict):
            return {key: value.strip_places() for key, value in self.value.items()}
        if isinstance(self.value, list):
            return tuple(value.strip_places() for value in self.value)
        return self.value


class Shape(Protocol):
    """A rule that a node is read by."""

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the node's value; report a fault and return None if it does not fit."""
        ...

    def build_schema(self) -> dict[str, Any]:
        """Return the same rule as a JSON Schema."""
        ...


def report_wrong_kind(node: Node, name: str, wanted: str, report: FaultReport) -> None:
    """FaultReport a node of the wrong kind, unless it has been reported."""
    if isinstance(node, Broken):
        return
    if isinstance(node, Scalar):
        got = quote(node.text) if node.text else "empty"
    else:
        got = "a list" if isinstance(node, Items) else "keys with values"
    report.add(node, f"{name} is {got}", f"write {wanted}")


def check_unique(
    values: Iterable[Value],
    name: str,
    report: FaultReport,
    remedy: str = "give it another name, or delete one",
) -> None:
    """Report each value that occurs a second time."""
    first: dict[str, Value] = {}
    for value in values:
        before = first.setdefault(value.value, value)
        if before is not value:
            problem = f"duplicate {name} {quote(value.value)} (first in line {before.line})"
            report.add(value, problem, remedy)
