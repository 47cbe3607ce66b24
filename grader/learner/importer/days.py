"""The days of a journal: what stands below each line that says a day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from grader.learner.entry_text import name_day
from grader.learner.importer.blocks import Block
from grader.learner.importer.contents import JournalDay
from grader.learner.importer.dates import parse_date
from grader.learner.importer.day_context import DayContext, parse_day
from grader.learner.importer.day_entries import names_other_list
from grader.learner.importer.day_headings import date_headings
from grader.learner.importer.day_lines import count_folds
from grader.learner.importer.day_parts import (
    LocatedPiece,
    build_whole_day,
    find_reach,
    list_pieces,
)
from grader.learner.importer.day_remarks import Remarks
from grader.learner.importer.day_sections import Dated
from grader.learner.importer.document import BOLD, Document
from grader.learner.importer.journal_front_matter import list_day_pieces, read_front_matter
from grader.learner.importer.pieces import Heading, Piece


@dataclass(slots=True)
class _OpenDay:
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


def read_days(
    document: Document, context: DayContext, remarks: Remarks
) -> tuple[Dated, list[JournalDay], list[LocatedPiece]]:
    """Return the lines that say a day, the days, and the pieces that stand below no date.

    All of a file that is named like a day is that day, unless its headings say other days.
    """
    dated = date_headings(document, context, remarks)
    front = read_front_matter(document.front)
    day = context.day or parse_day(front.date)
    if day is None or _says_other_days(document, dated, day, by_name=context.day is not None):
        return dated, *split_days(document, dated, remarks)
    _, every = split_days(document, {}, remarks)
    remarks.forget()
    words = [heading.words for heading in document.headings]
    opening = list_day_pieces(front, words, day.isoformat())
    return dated, [build_whole_day([*opening, *(piece for _, piece in every)], day)], []


def _says_other_days(document: Document, dated: Dated, day: date, *, by_name: bool) -> bool:
    """Return True if a file with a day of its own has others inside.

    In a file that is *named* like a day only headings count, and one heading alone has to give its
    year: ``Mars 21`` can be about something else.
    """
    headings = {heading.line: heading for heading in document.headings}
    others = {line for line, (its_day, _) in dated.items() if its_day != day}
    if not by_name:
        return bool(others)
    others &= headings.keys()
    found = (parse_date(headings[line].words) for line in others)
    return len(others) > 1 or any(written and written.year for written in found)


def split_days(
    document: Document, dated: Dated, remarks: Remarks
) -> tuple[list[JournalDay], list[LocatedPiece]]:
    """Return the days with their pieces, and the pieces that stand below no date."""
    splitter = _Splitter(document, dated, remarks)
    for number, part in enumerate(document.parts):
        splitter.read(number, part)
    splitter.close()
    return splitter.days, splitter.rest


class _Splitter:
    """Goes through a journal from part to part."""

    def __init__(self, document: Document, dated: Dated, remarks: Remarks) -> None:
        self.document, self.dated, self.remarks = document, dated, remarks
        self.days: list[JournalDay] = []
        self.rest: list[LocatedPiece] = []
        self.current: _OpenDay | None = None
        self.reach = find_reach(document, dated, remarks.refused)

    def read(self, number: int, part: Heading | Block) -> None:
        """Put a part where it belongs."""
        is_inside = self.current is not None and self.current.folds > 0
        if isinstance(part, Heading) and not is_inside:
            if part.line in self.dated:
                self.open(number, part.line, part)
            elif self.current is not None and self._ends_day(number, part):
                self.close()
        elif self.current is not None and not is_inside and self._ends_entry(number):
            self.close()
        for block, piece in list_pieces(self.document, number, part):
            if block is not None and piece.line in self.dated and not is_inside:
                self.open(number, piece.line, None)
            if self.current is None:
                self.rest.append((block, piece))
            elif self.current.heading is None or piece.line != self.current.heading.line:
                self.current.pieces.append(piece)
                if block is not None and block.kind == "text":
                    self.current.folds += count_folds(piece.text)

    def open(self, number: int, line: int, heading: Heading | None) -> None:
        """Begin a day."""
        self.close()
        day, keep = self.dated[line]
        parents = self.document.paths[number]
        nearest = parents[-1].level + 1 if parents else 1
        level = heading.level if heading and heading.level < BOLD else min(nearest, BOLD)
        lines = frozenset(other.line for other in parents)
        self.current = _OpenDay(line, day, keep, heading, level, lines)

    def close(self) -> None:
        """End the day."""
        if self.current is not None:
            _add_day(self.days, self.current, self.remarks)
        self.current = None

    def _ends_entry(self, number: int) -> bool:
        """Return True if an item, a row or a fold is over, and no other day follows it closely."""
        current = self.current
        if current is None or current.heading is not None:
            return False
        return not self._goes_on(number, current)

    def _ends_day(self, number: int, heading: Heading) -> bool:
        """Return True if a heading ends the day before it.

        Below a day in bold, other lines in bold (**Learned:**) are parts of the day, so only a
        real heading ends it. A section without a date between two days belongs to the first.
        """
        current = self.current
        assert current is not None
        if heading.line in self.remarks.refused:
            return True
        level = current.heading.level if current.heading else BOLD
        return heading.level <= min(level, BOLD - 1) and not self._goes_on(number, current)

    def _goes_on(self, number: int, current: _OpenDay) -> bool:
        """Return True if another day follows before the section ends in which the day stands."""
        part = self.document.parts[number]
        is_other = isinstance(part, Heading) and (
            names_other_list(part) or part.level < current.level or self._is_frame(number)
        )
        return not is_other and self.reach[number] >= current.level

    def _is_frame(self, number: int) -> bool:
        """Return True if a heading stands directly above the next day, to which it belongs."""
        after = self.document.parts[number + 1 : number + 2]
        return bool(after) and after[0].line in self.dated


def _add_day(days: list[JournalDay], current: _OpenDay, remarks: Remarks) -> None:
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


def _cut_path(piece: Piece, current: _OpenDay, *, keep: bool) -> Piece:
    """Return a piece below the headings inside its day; ``keep`` keeps the day's heading too."""
    cut = current.parents if keep else current.parents | {current.line}
    return replace(piece, above=tuple(other for other in piece.above if other.line not in cut))
