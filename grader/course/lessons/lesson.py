"""A lesson taken apart: Markdown, diagrams, and the snippet of "See it break"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.base.errors import Fault
from grader.course.lessons.diagrams.diagram import Diagram
from grader.course.lessons.diagrams.reading import read_diagram
from grader.course.loader.faults import FaultReport, Place

SEE_IT_BREAK = "See it break"
_BLOCK = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<kind>\w*)[^\n]*\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.M | re.S
)
_HEADING = re.compile(r"^##+ +(.+?) *$", re.M)


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown between two diagrams."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """The lines of "See it break", and what they print."""

    code: str
    output: str
    line: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson's pieces in order, and its snippet; Markdown includes the snippet's blocks."""

    pieces: tuple[Prose | Diagram, ...]
    snippet: Snippet | None
    faults: tuple[Fault, ...]

    @property
    def diagrams(self) -> tuple[Diagram, ...]:
        """The diagrams in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Diagram))


def read_lesson(text: str, path: Path) -> Lesson:
    """Split a lesson into its pieces; what is wrong with its blocks is among its faults."""
    report = FaultReport(path)
    pieces: list[Prose | Diagram] = []
    start = 0
    for block in _BLOCK.finditer(text):
        if block["kind"] != "diagram":
            continue
        if text[start : block.start()].strip():
            pieces.append(Prose(text[start : block.start()], _count_line(text, start)))
        start = block.end()
        line = _count_line(text, block.start())
        # Blank lines before it give each line of the description the lesson's own number.
        diagram = read_diagram("\n" * line + block["body"], report, line)
        if diagram:
            pieces.append(diagram)
    if text[start:].strip():
        pieces.append(Prose(text[start:], _count_line(text, start)))
    return Lesson(tuple(pieces), _read_snippet(text, report), tuple(report.faults))


def _read_snippet(text: str, report: FaultReport) -> Snippet | None:
    """Return the first python block below "See it break" with the text block after it."""
    heading = next((h for h in _HEADING.finditer(text) if h[1] == SEE_IT_BREAK), None)
    if heading is None:
        return None
    line = _count_line(text, heading.start())
    following = _HEADING.search(text, heading.end())
    end = following.start() if following else len(text)
    blocks = [b for b in _BLOCK.finditer(text, heading.end()) if b.start() < end]
    code = next((b for b in blocks if b["kind"] == "python"), None)
    output = next((b for b in blocks if b["kind"] == "text"), None)
    if code is None or output is None or output.start() < code.start():
        problem = f'"{SEE_IT_BREAK}" has no code or no output'
        report.add(Place(line, 1), problem, "write a python block and a text block below it")
        return None
    return Snippet(code["body"], output["body"], _count_line(text, code.start()))


def _count_line(text: str, at: int) -> int:
    """Return the number of the line at a place of the text."""
    return text.count("\n", 0, at) + 1
