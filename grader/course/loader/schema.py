"""The shapes that hold others: lists, records of named values, a text or a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.course.loader.faults import FaultReport, join_names, quote, suggest
from grader.course.loader.nodes import Items, Node, Pairs, Scalar
from grader.course.loader.scalars import Text
from grader.course.loader.values import Shape, Value, report_wrong_kind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape, with ``least`` items or more, or exactly ``count``."""

    item: Shape
    least: int = 0
    count: int | None = None

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the items that fit; report the others, each at its place."""
        if not isinstance(node, Items):
            report_wrong_kind(node, name, "a list", report)
            return None
        size = len(node.nodes)
        if size < self.least or size != (self.count or size):
            wanted = f"exactly {self.count}" if self.count else f"at least {self.least}"
            report.add(node, f"{name} has {size} item{'s' * (size != 1)}", f"give {wanted}")
        label = f"an item of {name}"
        read = [self.item.read(child, label, report) for child in node.nodes]
        kept = [value for value in read if value is not None]
        return Value(kept, node.line, node.column, whole=len(kept) == size)

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of an array."""
        bounds = {"minItems": self.count or self.least}
        if self.count:
            bounds["maxItems"] = self.count
        return {"type": "array", "items": self.item.build_schema()} | bounds


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record: its shape, what it is for, and whether it may be left out."""

    shape: Shape
    purpose: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    keys: Mapping[str, Key]

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the values that fit, by key; report unknown, missing and duplicate keys."""
        if not isinstance(node, Pairs):
            report_wrong_kind(node, name, "keys with values", report)
            return None
        children = self._collect_children(node, report)
        for key, about in self.keys.items():
            if key not in children and not about.optional:
                report.add(node, f"{name} lacks the key {key}", f'add "{key}:", {about.purpose}')
        read = {k: self.keys[k].shape.read(child, k, report) for k, child in children.items()}
        return Value({k: v for k, v in read.items() if v is not None}, node.line, node.column)

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of an object that admits no other keys."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [name for name, key in self.keys.items() if not key.optional],
            "properties": {
                name: {"description": key.purpose} | key.shape.build_schema()
                for name, key in self.keys.items()
            },
        }

    def _collect_children(self, node: Pairs, report: FaultReport) -> dict[str, Node]:
        """Return the node of each known key; of a duplicate key, the first."""
        children: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, child in node.pairs:
            if not isinstance(key, Scalar):
                report.add(key, "a key must be a word", f"use {join_names(self.keys)}")
            elif key.text not in self.keys:
                remedy = suggest(key.text, self.keys, f"use {join_names(self.keys)}")
                report.add(key, f"unknown key {quote(key.text)}", remedy)
            elif key.text in children:
                line = lines[key.text]
                report.add(key, f"duplicate key {key.text} (first in line {line})", "keep one")
            else:
                children[key.text], lines[key.text] = child, key.line
        return children


@dataclass(frozen=True, slots=True)
class TextOrRecord:
    """A text, or a record in its place."""

    text: Text
    record: Record

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the record's values where there are keys, and else the text."""
        shape = self.record if isinstance(node, Pairs) else self.text
        return shape.read(node, name, report)

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of either."""
        return {"anyOf": [self.text.build_schema(), self.record.build_schema()]}
