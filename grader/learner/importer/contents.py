"""The contents of a journal, as data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from grader.learner.importer.text.journal_front_matter import JournalFrontMatter
from grader.learner.importer.text.pieces import Piece
from grader.learner.model import ReadingState


@dataclass(frozen=True, slots=True)
class JournalDay:
    """What stands below a heading with a date."""

    day: date
    pieces: tuple[Piece, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ListedReading:
    """One entry of a reading list."""

    title: str
    url: str
    state: ReadingState
    kind: str
    authors: str
    line: int


@dataclass(frozen=True, slots=True)
class StatusClaim:
    """Something that the journal says is done, or is planned."""

    text: str
    done: bool
    detail: str
    units: tuple[str, ...]
    line: int
    heading: str = ""
    """The words of the heading that it stands below."""
    day: date | None = None
    """The day of the log that it stands in."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the learner should know about a line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class OpenDays:
    """The lines that say a day and stay in the note, and what would bring them."""

    yearless: tuple[Remark, ...] = ()
    """Lines with a day and a month whose year cannot be inferred."""
    numbered: tuple[Remark, ...] = ()
    """Headings like ``Day 1`` whose day is not known."""
    likely_year: int | None = None
    """A year that fits the first of those without one."""
    start: date | None = None
    """The day that a line ``Start: 2025-07-20`` names."""
    hints: tuple[Remark, ...] = ()
    """Other lines that look like a day."""


@dataclass(frozen=True, slots=True)
class JournalContents:
    """Everything in one journal: each piece in one place, and what is counted beside the text."""

    title: str
    front: JournalFrontMatter = field(default_factory=JournalFrontMatter)
    days: tuple[JournalDay, ...] = ()
    questions: tuple[Piece, ...] = ()
    """Rows for a note of cards, where the journal's own table is none."""
    readings: tuple[ListedReading, ...] = ()
    claims: tuple[StatusClaim, ...] = ()
    pictures: tuple[tuple[str, int], ...] = ()
    """Addresses of pictures that lie beside the journal, with their lines."""
    links: tuple[tuple[str, int], ...] = ()
    """Addresses of other files beside it, wikilinks in their brackets, with their lines."""
    leftovers: tuple[Piece, ...] = ()
    """All text that stands below no date, for a note."""
    left_out: tuple[Remark, ...] = ()
    """Lines that go nowhere, and why."""
    definitions: dict[str, str] = field(default_factory=dict)
    """The lines that define links and footnotes, by their labels."""
    remarks: tuple[Remark, ...] = ()
    open_days: OpenDays = field(default_factory=OpenDays)

    @property
    def yearless(self) -> tuple[Remark, ...]:
        """Return the lines with a day and a month whose year cannot be inferred."""
        return self.open_days.yearless


def is_whole(days: Sequence[JournalDay]) -> bool:
    """Return True if all of a file is one day, because of its name or its front matter."""
    return len(days) == 1 and days[0].line == 1


def compute_key(place: str, mark: str, time: int = 1) -> str:
    """Return the id of one imported thing: a hash of where it goes and of its own words.

    ``time`` keeps equal things in one place apart: the second one is 2.
    """
    hashed = f"{place}\n{mark}" + (f"\n{time}" if time > 1 else "")
    return hashlib.sha256(hashed.encode("utf-8", "replace")).hexdigest()[:20]
