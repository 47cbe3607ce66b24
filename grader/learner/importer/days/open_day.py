"""A day while its text is collected, and what becomes of it at its end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from grader.learner.entry_text import name_day
from grader.learner.importer.contents import JournalDay
from grader.learner.importer.days.remarks import Remarks
from grader.learner.importer.text.pieces import Heading, Piece


@dataclass(slots=True)
class OpenDay:
    """A day whose end has not come yet."""

    line: int
    day: date
    keep: bool
    """True if its heading says more than the day."""
    heading: Heading | None
    """The heading that says it; an item or a row has none."""
    level: int
    """A heading of this level or above ends it."""
    parents: frozenset[int]
    """The lines of the headings above it."""
    pieces: list[Piece] = field(default_factory=list)
    folds: int = 0
    """Folds that are open."""


def add_day(days: list[JournalDay], current: OpenDay, remarks: Remarks) -> None:
    """Add a day that has ended; a heading that says something stays, even with no text below."""
    heading = current.heading
    is_repeated = heading is not None and current.day in remarks.days
    if heading is not None and current.pieces:
        remarks.days.add(current.day)
        if is_repeated:
            text = f"a second heading for {name_day(current.day)}; both are kept, in this order"
            remarks.add(heading.line, heading.words, text)
    if not current.pieces:
        if heading is None or not current.keep:
            words = heading.words if heading else ""
            text = "there is no text below it, so nothing is added to the log"
            remarks.add(current.line, words, text)
            return
        current.pieces.append(Piece(heading.text, heading.line, (), -heading.line))
    pieces = [
        _cut_path(piece, current, keep=current.keep or is_repeated) for piece in current.pieces
    ]
    days.append(JournalDay(current.day, tuple(pieces), current.line))


def _cut_path(piece: Piece, current: OpenDay, *, keep: bool) -> Piece:
    """Return a piece below the headings inside its day; ``keep`` keeps the day's heading too."""
    cut = current.parents if keep else current.parents | {current.line}
    return replace(piece, above=tuple(other for other in piece.above if other.line not in cut))
