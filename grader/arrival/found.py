"""What a journal holds, as data."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from grader.learner import ReadingState

Table = Literal["questions", "glossary"]


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
    """The smallest thing that is brought along or not: an item, a row, a paragraph, a fence."""

    text: str
    """The learner's own lines."""
    line: int
    above: tuple[Heading, ...] = ()
    """The headings that it stands below, outermost first."""
    block: int = 0
    """Pieces of one list or table have the same number."""
    loose: bool = False
    """Whether a blank line follows it inside its block."""
    head: str = ""
    """A table's first lines, for a piece that is a row of it."""

    @property
    def mark(self) -> str:
        """What is compared: its lines, whatever their ends and a list's numbers."""
        lines = [line.rstrip() for line in self.text.strip("\n").split("\n")]
        lines[0] = re.sub(r"^(\s*)\d+([.)])", r"\g<1>1\2", lines[0])
        if self.head:
            lines[0] = re.sub(r"[ \t]{2,}", " ", lines[0])
        return "\n".join(lines).strip()


@dataclass(frozen=True, slots=True)
class Day:
    """What stands below a heading with a date."""

    day: date
    pieces: tuple[Piece, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a reading list."""

    title: str
    url: str
    state: ReadingState
    kind: str
    authors: str
    line: int
    piece: Piece | None = None
    """Where it stands."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that is said to be done, or to be planned."""

    text: str
    done: bool
    detail: str
    units: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What the learner should know about a line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything in one journal, each piece in one place."""

    title: str
    days: tuple[Day, ...] = ()
    tables: tuple[tuple[Table, tuple[Piece, ...]], ...] = ()
    """Rows for the note of questions and for that of terms."""
    readings: tuple[Listed, ...] = ()
    claims: tuple[Claim, ...] = ()
    pictures: tuple[tuple[str, int], ...] = ()
    """Addresses of pictures that lie beside the journal, with their lines."""
    leftovers: tuple[Piece, ...] = ()
    definitions: dict[str, str] = field(default_factory=dict)
    """The lines that links in other lines refer to, by their names."""
    remarks: tuple[Remark, ...] = ()
    yearless: tuple[Remark, ...] = ()
    """Headings with a day and a month whose year nothing tells."""

    def table(self, kind: Table) -> tuple[Piece, ...]:
        """The rows for one of the two notes."""
        return tuple(piece for name, pieces in self.tables if name == kind for piece in pieces)


def key(place: str, mark: str, time: int = 1) -> str:
    """The name of one thing brought along: a hash of where it goes and of its own words.

    ``time`` tells equal things of one place apart: the second is 2.
    """
    told = f"{place}\n{mark}" + (f"\n{time}" if time > 1 else "")
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:20]


def written(pieces: list[Piece], *, headings: bool = True) -> str:
    """The pieces as Markdown again, each below its headings and its table's head."""
    parts: list[str] = []
    above: tuple[Heading, ...] = ()
    last: Piece | None = None
    for piece in pieces:
        if headings and piece.above != above:
            parts += [f"\n\n{heading.text}" for heading in _entered(above, piece.above)]
            above, last = piece.above, None
        together = last is not None and last.block == piece.block
        if together and last is not None:
            parts.append("\n\n" if last.loose else "\n")
        else:
            parts.append(f"\n\n{piece.head}\n" if piece.head else "\n\n")
        parts.append(piece.text)
        last = piece
    return "".join(parts).strip("\n")


def _entered(before: tuple[Heading, ...], now: tuple[Heading, ...]) -> tuple[Heading, ...]:
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return now[same:]
