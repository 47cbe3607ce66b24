"""What the tables and lists below no date hold besides text, collected kind by kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.learner.importer.contents import ListedReading, Remark
from grader.learner.importer.text.pieces import Heading, Piece


@dataclass(slots=True)
class Findings:
    """Collects cards and readings in the journal's order; their text stays in the note too."""

    title: Heading | None = None
    """The one heading of the first level, if there is one: it names the page."""
    states: frozenset[str] = frozenset()
    """The states of reading that other headings name."""
    questions: list[Piece] = field(default_factory=list)
    """Rows for a table of cards, where a note's own table is none."""
    readings: list[ListedReading] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def add_remark(self, piece: Piece, text: str) -> None:
        """Add a remark about a piece's first line."""
        self.remarks.append(Remark(piece.line, text))
