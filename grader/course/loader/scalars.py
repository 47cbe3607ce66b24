"""The shapes of single values: text, a choice of words, a number.

The node's own text decides, not YAML's guess at its type: ``no`` is no truth value here and
``010`` is not eight; both are refused with what to write in their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grader.course.loader.faults import FaultReport, join_names, quote, suggest
from grader.course.loader.nodes import Node, Scalar
from grader.course.loader.values import Value, report_wrong_kind

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_KINDS = {
    "null": "null",
    "bool": "a boolean",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
}


@dataclass(frozen=True, slots=True)
class Text:
    """Text that is not empty; with ``pattern``, text that matches it whole."""

    pattern: str = ""
    remedy: str = ""
    """What the pattern requires, in words."""

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the text without spaces at its ends."""
        if not isinstance(node, Scalar):
            report_wrong_kind(node, name, "text", report)
            return None
        text = node.text.strip()
        kind = _KINDS.get(node.meaning)
        if not text:
            report.add(node, f"{name} is empty", self.remedy or "write some text")
        elif kind:
            report.add(node, f"YAML reads {name} as {kind}: {text}", f"write {quote(text)}")
        elif _CONTROL.search(text):
            report.add(node, f"{name} contains a control character: {quote(text)}", "delete it")
        elif self.pattern and not re.fullmatch(self.pattern, text):
            report.add(node, f"{name} may not be {quote(text)}", self.remedy)
        else:
            return Value(text, node.line, node.column)
        return None

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of a string."""
        pattern = {"pattern": f"^(?:{self.pattern})$"} if self.pattern else {"minLength": 1}
        return {"type": "string"} | pattern


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the word."""
        value = Text().read(node, name, report)
        if value is None or value.value in self.words:
            return value
        remedy = suggest(value.value, self.words, f"choose one of {join_names(self.words)}")
        report.add(node, f"{name} may not be {quote(value.value)}", remedy)
        return None

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of an enumeration."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``; a whole one unless ``fraction``."""

    low: float
    high: float
    fraction: bool = False

    def read(self, node: Node, name: str, report: FaultReport) -> Value | None:
        """Return the number, an int or, with ``fraction``, a float."""
        if not isinstance(node, Scalar):
            report_wrong_kind(node, name, "a number", report)
            return None
        pattern = r"-?(?:0|[1-9][0-9]{0,8})" + (r"(?:\.[0-9]{1,9})?" if self.fraction else "")
        if node.plain and re.fullmatch(pattern, node.text):
            number = float(node.text) if self.fraction else int(node.text)
            if self.low <= number <= self.high:
                return Value(number, node.line, node.column)
        problem = f"{name} is {quote(node.text)}" if node.text else f"{name} is empty"
        report.add(node, problem, f"write {self._describe()}, in decimal and without quotes")
        return None

    def build_schema(self) -> dict[str, Any]:
        """Return the schema of an integer or a number with its bounds."""
        kind = "number" if self.fraction else "integer"
        return {"type": kind, "minimum": self.low, "maximum": self.high}

    def _describe(self) -> str:
        return f"a {'' if self.fraction else 'whole '}number from {self.low} to {self.high}"
