"""The shapes that hold others: a list of one shape, and a record of named values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.curriculum.documents import Items, Node, Pairs, Scalar
from grader.curriculum.report import Report, among, meant, quoted
from grader.curriculum.values import Shape, Value, refuse


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape, with ``least`` items or more, or exactly ``count``."""

    item: Shape
    least: int = 0
    count: int | None = None

    def read(self, node: Node, name: str, report: Report) -> Value | None:
        """The items that fit; those that do not are reported, each at its place."""
        if not isinstance(node, Items):
            refuse(node, name, "a list", report)
            return None
        size = len(node.nodes)
        if size < self.least or size != (self.count or size):
            wanted = f"exactly {self.count}" if self.count else f"at least {self.least}"
            report.add(node, f"{name} has {size} item{'s' * (size != 1)}", f"give {wanted}")
        label = f"an item of {name}"
        read = [self.item.read(child, label, report) for child in node.nodes]
        kept = [value for value in read if value is not None]
        return Value(kept, node.line, node.column, whole=len(kept) == size)

    def schema(self) -> dict[str, Any]:
        """An array."""
        bounds = {"minItems": self.count or self.least}
        if self.count:
            bounds["maxItems"] = self.count
        return {"type": "array", "items": self.item.schema()} | bounds


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: its shape, what it is for, and whether it may be left out."""

    shape: Shape
    says: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    keys: Mapping[str, Key]

    def read(self, node: Node, name: str, report: Report) -> Value | None:
        """The values that fit, by key; unknown, missing and doubled keys are reported."""
        if not isinstance(node, Pairs):
            refuse(node, name, "keys with values", report)
            return None
        children = self._children(node, report)
        for key, about in self.keys.items():
            if key not in children and not about.optional:
                report.add(node, f"{name} lacks the key {key}", f'add "{key}:", {about.says}')
        read = {k: self.keys[k].shape.read(child, k, report) for k, child in children.items()}
        return Value({k: v for k, v in read.items() if v is not None}, node.line, node.column)

    def schema(self) -> dict[str, Any]:
        """An object that admits no other keys."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [name for name, key in self.keys.items() if not key.optional],
            "properties": {
                name: {"description": key.says} | key.shape.schema()
                for name, key in self.keys.items()
            },
        }

    def _children(self, node: Pairs, report: Report) -> dict[str, Node]:
        """The node of each known key; the first, where a key stands twice."""
        children: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, child in node.pairs:
            if not isinstance(key, Scalar):
                report.add(key, "a key must be a word", f"use {among(self.keys)}")
            elif key.text not in self.keys:
                remedy = meant(key.text, self.keys, f"use {among(self.keys)}")
                report.add(key, f"unknown key {quoted(key.text)}", remedy)
            elif key.text in children:
                line = lines[key.text]
                report.add(key, f"the key {key.text} again (first in line {line})", "keep one")
            else:
                children[key.text], lines[key.text] = child, key.line
        return children
