"""The splitter of a journal: each piece goes to the day that is open, or to the rest."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.learner.importer.contents import JournalDay
from grader.learner.importer.days.entries import names_other_list
from grader.learner.importer.days.nested_entries import cut_piece, find_nested_lines
from grader.learner.importer.days.open_day import OpenDay, add_day
from grader.learner.importer.days.parts import (
    LocatedPiece,
    find_frames,
    find_reach,
    list_pieces,
)
from grader.learner.importer.days.remarks import Remarks
from grader.learner.importer.days.sections import Dated
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.day_lines import count_folds
from grader.learner.importer.text.document import BOLD, Document
from grader.learner.importer.text.pieces import Heading, Piece


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
        self.current: OpenDay | None = None
        self.reach = find_reach(document, dated, remarks.refused)
        self.frames = find_frames(document, dated)
        self.taken = set(dated)
        """The lines of headings that are days, or stand in one."""

    def read(self, number: int, part: Heading | Block) -> None:
        """Put a part where it belongs."""
        current = self.current
        is_inside = current is not None and current.heading is None and current.folds > 0
        if number in self.frames and not is_inside:
            self.close()
        if isinstance(part, Heading) and not is_inside:
            if part.line in self.dated:
                self.open(number, part.line, part)
            elif self.current is not None and self._ends_day(number, part):
                self.close()
        elif self.current is not None and not is_inside and self._ends_entry(number):
            self.close()
        if isinstance(part, Heading) and self.current is not None:
            self.taken.add(part.line)
        for block, piece in list_pieces(self.document, number, part):
            nested = [] if is_inside else find_nested_lines(piece, self.dated)
            for part_of_it in cut_piece(piece, nested) if nested else [piece]:
                if block is not None and not is_inside:
                    self._open_entry(number, block, part_of_it)
                self._place(block, part_of_it)

    def _open_entry(self, number: int, block: Block, piece: Piece) -> None:
        """Begin the day of an item or row; an item above dated ones in it ends the day before."""
        if piece.line in self.dated:
            self.open(number, piece.line, None)
        elif block.kind == "list" and self.current is not None and self._has_nested(block):
            self.close()

    def _has_nested(self, block: Block) -> bool:
        """Return True if items with a date stand inside the items of a list."""
        starts = {piece.line for piece in block.pieces}
        lines = range(block.line, block.pieces[-1].line + block.pieces[-1].text.count("\n") + 1)
        return any(line in self.dated and line not in starts for line in lines)

    def _place(self, block: Block | None, piece: Piece) -> None:
        """Add a piece to the day, or to the rest; the end of a fold around days ends the day."""
        current = self.current
        if current is not None and block is not None and block.kind == "text":
            current.folds += count_folds(piece.text)
            if current.folds < 0 or (not current.folds and _opens_later(piece.text)):
                self.close()
                current = None
        if current is None:
            above = tuple(other for other in piece.above if other.line not in self.taken)
            self.rest.append((block, replace(piece, above=above)))
        elif current.heading is None or piece.line != current.heading.line:
            current.pieces.append(piece)

    def open(self, number: int, line: int, heading: Heading | None) -> None:
        """Begin a day."""
        self.close()
        day, keep = self.dated[line]
        parents = self.document.paths[number]
        nearest = parents[-1].level + 1 if parents else 1
        level = heading.level if heading and heading.level < BOLD else min(nearest, BOLD)
        lines = frozenset(other.line for other in parents)
        self.current = OpenDay(line, day, keep, heading, level, lines)

    def close(self) -> None:
        """End the day."""
        if self.current is not None:
            add_day(self.days, self.current, self.remarks)
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

    def _goes_on(self, number: int, current: OpenDay) -> bool:
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


def _opens_later(text: str) -> bool:
    """Return True if HTML ends one fold and begins another."""
    return bool(re.match(r"\s*</details>\s*<details\b", text, re.IGNORECASE))
