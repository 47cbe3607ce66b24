"""The pieces of a journal: the learner's own lines, and the headings that they stand below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, or a line in bold or before a colon that serves as one."""

    level: int
    """1 to 6; 7 for a line in bold, 8 for a line that ends in a colon."""
    words: str
    text: str
    """As it was written."""
    line: int


@dataclass(frozen=True, slots=True)
class Piece:
    """The smallest thing that is imported or not: a list's item, a row, a paragraph, a fence."""

    text: str
    """The learner's own lines."""
    line: int
    above: tuple[Heading, ...] = ()
    """The headings that it stands below, outermost first."""
    block: int = 0
    """Pieces of one list or table have the same number."""
    loose: bool = False
    """True if a blank line follows it inside its block."""
    head: str = ""
    """The first two lines of the table that it is a row of."""

    @property
    def mark(self) -> str:
        """Return what is compared: its lines, whatever their ends and a list's numbers."""
        lines = [line.rstrip() for line in self.text.strip("\n").split("\n")]
        lines[0] = re.sub(r"^(\s*)\d+([.)])", r"\g<1>1\2", lines[0])
        if self.head:
            lines[0] = re.sub(r"[ \t]{2,}", " ", lines[0])
        return "\n".join(lines).strip()


def write_markdown(pieces: list[Piece]) -> str:
    """Write the pieces as Markdown again, each below its headings and its table's head."""
    parts: list[str] = []
    above: tuple[Heading, ...] = ()
    last: Piece | None = None
    for piece in pieces:
        if piece.above != above:
            parts += [f"\n\n{heading.text}" for heading in _find_entered(above, piece.above)]
            above, last = piece.above, None
        if last is not None and last.block == piece.block:
            parts.append("\n\n" if last.loose else "\n")
        else:
            parts.append(f"\n\n{piece.head}\n" if piece.head else "\n\n")
        parts.append(piece.text)
        last = piece
    return "".join(parts).strip("\n")


def _find_entered(before: tuple[Heading, ...], now: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """Return the headings to write between two pieces: those that only the second has."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return now[same:]


def add_definitions(text: str, definitions: Mapping[str, str]) -> str:
    """Return the text, followed by the definitions of the links and footnotes in it."""
    if "[" not in text or not definitions:
        return text
    low = text.casefold()
    used = [line for label, line in definitions.items() if f"[{label}]" in low and line not in text]
    return "\n\n".join([text, "\n".join(used)]) if used else text
