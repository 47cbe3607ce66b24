"""Checked values with their places, and what every shape offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from grader.curriculum.documents import Broken, Items, Node, Scalar
from grader.curriculum.report import Report, quoted


@dataclass(frozen=True, slots=True)
class Value:
    """A checked value with its place: a text or number, a list of Values, or named Values."""

    value: Any
    line: int
    column: int
    whole: bool = True
    """False for a list of which some items were refused."""

    def get(self, key: str) -> Value | None:
        """The value of a key, None where it is absent or was refused."""
        found = self.value.get(key)
        return found if isinstance(found, Value) else None

    def items(self, key: str) -> list[Value]:
        """The items of the list under a key; none where it is absent or was refused."""
        found = self.get(key)
        return list(found.value) if found else []

    def bare(self) -> Any:
        """The value alone, without places, lists as tuples."""
        if isinstance(self.value, dict):
            return {key: value.bare() for key, value in self.value.items()}
        if isinstance(self.value, list):
            return tuple(value.bare() for value in self.value)
        return self.value


class Shape(Protocol):
    """What a node may be."""

    def read(self, node: Node, name: str, report: Report) -> Value | None:
        """The node's value; None, and a fault under ``name``, where it does not fit."""
        ...

    def schema(self) -> dict[str, Any]:
        """The same rule as a JSON Schema."""
        ...


def refuse(node: Node, name: str, wanted: str, report: Report) -> None:
    """Report a node of the wrong kind, unless it was reported already."""
    if isinstance(node, Broken):
        return
    if isinstance(node, Scalar):
        got = quoted(node.text) if node.text else "empty"
    else:
        got = "a list" if isinstance(node, Items) else "keys with values"
    report.add(node, f"{name} is {got}", f"write {wanted}")
