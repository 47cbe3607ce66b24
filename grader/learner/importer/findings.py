"""What was found below no date, collected kind by kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.base.urls import normalize_url
from grader.course.model import Course
from grader.learner.importer.contents import ListedReading, Remark, StatusClaim, TableKind
from grader.learner.importer.pieces import Piece


@dataclass(slots=True)
class Findings:
    """Collects what tables and lists hold, in the journal's order."""

    course: Course
    questions: list[Piece] = field(default_factory=list)
    glossary: list[Piece] = field(default_factory=list)
    readings: list[ListedReading] = field(default_factory=list)
    claims: list[StatusClaim] = field(default_factory=list)
    leftovers: list[Piece] = field(default_factory=list)
    """What has no place of its own, and what says more than its place can hold."""
    remarks: list[Remark] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    """Addresses, or else titles, of the complete readings so far."""

    @property
    def tables(self) -> tuple[tuple[TableKind, tuple[Piece, ...]], ...]:
        """Return the rows for the note of questions and for that of terms."""
        return ("questions", tuple(self.questions)), ("glossary", tuple(self.glossary))

    def add_reading(self, reading: ListedReading, piece: Piece, *, is_complete: bool) -> None:
        """Add a reading; its piece stays in the note too unless the reading says all of it."""
        self.readings.append(reading)
        if not is_complete or self._is_repeated(reading):
            self.leftovers.append(piece)

    def _is_repeated(self, reading: ListedReading) -> bool:
        """Return True if a complete reading before has the same address.

        The two become one row of the reading list, so only the note can keep the words of both.
        """
        name = normalize_url(reading.url) if reading.url else reading.title
        is_repeated = name in self.addresses
        self.addresses.add(name)
        return is_repeated

    def add_remark(self, piece: Piece, text: str) -> None:
        """Add a remark about a piece's first line."""
        self.remarks.append(Remark(piece.line, text))
