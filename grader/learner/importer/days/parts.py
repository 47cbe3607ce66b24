"""The parts of a journal, as the days see them: their pieces, and how far the next day is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from grader.learner.importer.contents import JournalDay
from grader.learner.importer.dates.meanings import make_date
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.days.sections import Dated
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.day_lines import count_folds
from grader.learner.importer.text.document import Document
from grader.learner.importer.text.pieces import Heading, Piece

LocatedPiece = tuple[Block | None, Piece]
"""A piece, and the block that it is part of; a heading that stands alone has none."""


def find_frames(document: Document, dated: Dated) -> set[int]:
    """Return the parts, by number, that open a fold without a date around lines that say days."""
    frames: set[int] = set()
    open_folds: list[int] = []
    for number, part in enumerate(document.parts):
        lines = {part.line} if isinstance(part, Heading) else {p.line for p in part.pieces}
        if lines & dated.keys():
            frames |= set(open_folds)
        if isinstance(part, Block) and part.kind == "text":
            change = count_folds(part.pieces[0].text)
            open_folds += [number] * max(0, change)
            del open_folds[len(open_folds) + min(0, change) :]
    return frames


def list_pieces(document: Document, number: int, part: Heading | Block) -> Iterator[LocatedPiece]:
    """Yield a block's pieces; a heading is a piece only if nothing stands below it."""
    if isinstance(part, Block):
        yield from ((part, piece) for piece in part.pieces)
        return
    after = document.parts[number + 1] if number + 1 < len(document.parts) else None
    if after is None or (isinstance(after, Heading) and after.level <= part.level):
        yield None, Piece(part.text, part.line, document.paths[number], -part.line)


def find_reach(document: Document, dated: Dated, refused: set[int]) -> list[int]:
    """Return for each part the highest heading between it and the next day; -1 if none follows."""
    reach = []
    highest = -1
    for part in reversed(document.parts):
        reach.append(highest)
        lines = {part.line} if isinstance(part, Heading) else {p.line for p in part.pieces}
        if lines & dated.keys():
            highest = 99
        elif isinstance(part, Heading) and highest >= 0:
            highest = -1 if part.line in refused else min(highest, part.level)
    return reach[::-1]


def build_whole_day(pieces: Sequence[Piece], day: date) -> JournalDay:
    """Build the day of a file that is named like one, without headings that only repeat it."""
    cut = [
        replace(piece, above=tuple(h for h in piece.above if not _is_only_day(h, day)))
        for piece in pieces
    ]
    return JournalDay(day, tuple(cut), 1)


def _is_only_day(heading: Heading, day: date) -> bool:
    written = parse_date(heading.words)
    return written is not None and not written.more and make_date(written, day.year) == day
