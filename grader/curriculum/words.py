"""The shapes of single values: text, a choice of words, a number.

The node's own text decides, not YAML's guess at its type: ``no`` is no truth value here and
``010`` is not eight; both are refused with what to write in their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grader.curriculum.documents import Node, Scalar
from grader.curriculum.report import Report, among, meant, quoted
from grader.curriculum.values import Value, refuse

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_KINDS = {
    "null": "nothing",
    "bool": "a yes or no",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
}


@dataclass(frozen=True, slots=True)
class Text:
    """Text that says something; with ``pattern``, text that matches it whole."""

    pattern: str = ""
    says: str = ""
    """What the pattern asks for, in words: the remedy."""

    def read(self, node: Node, name: str, report: Report) -> Value | None:
        """The text, without spaces at its ends."""
        if not isinstance(node, Scalar):
            refuse(node, name, "text", report)
            return None
        text = node.text.strip()
        kind = _KINDS.get(node.meaning)
        if not text:
            report.add(node, f"{name} is empty", self.says or "write some text")
        elif kind:
            report.add(node, f"{name} is {kind} to YAML: {text}", f"write {quoted(text)}")
        elif _CONTROL.search(text):
            report.add(node, f"{name} holds a control character: {quoted(text)}", "delete it")
        elif self.pattern and not re.fullmatch(self.pattern, text):
            report.add(node, f"{name} may not be {quoted(text)}", self.says)
        else:
            return Value(text, node.line, node.column)
        return None

    def schema(self) -> dict[str, Any]:
        """A string."""
        pattern = {"pattern": f"^(?:{self.pattern})$"} if self.pattern else {"minLength": 1}
        return {"type": "string"} | pattern


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, name: str, report: Report) -> Value | None:
        """The word."""
        value = Text().read(node, name, report)
        if value is None or value.value in self.words:
            return value
        remedy = meant(value.value, self.words, f"choose one of {among(self.words)}")
        report.add(node, f"{name} may not be {quoted(value.value)}", remedy)
        return None

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``; a whole one unless ``fraction``."""

    low: float
    high: float
    fraction: bool = False

    def read(self, node: Node, name: str, report: Report) -> Value | None:
        """The number, an int or, with ``fraction``, a float."""
        if not isinstance(node, Scalar):
            refuse(node, name, "a number", report)
            return None
        pattern = r"-?(?:0|[1-9][0-9]{0,8})" + (r"(?:\.[0-9]{1,9})?" if self.fraction else "")
        if node.plain and re.fullmatch(pattern, node.text):
            number = float(node.text) if self.fraction else int(node.text)
            if self.low <= number <= self.high:
                return Value(number, node.line, node.column)
        problem = f"{name} is {quoted(node.text)}" if node.text else f"{name} is empty"
        report.add(node, problem, f"write {self._says()}, in decimal and without quotes")
        return None

    def schema(self) -> dict[str, Any]:
        """An integer or a number with its bounds."""
        kind = "number" if self.fraction else "integer"
        return {"type": kind, "minimum": self.low, "maximum": self.high}

    def _says(self) -> str:
        return f"a {'' if self.fraction else 'whole '}number from {self.low} to {self.high}"
