"""The days of a journal: what stands below each heading with a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from grader.learner.entry_text import name_day
from grader.learner.importer.blocks import Block
from grader.learner.importer.contents import JournalDay
from grader.learner.importer.dates import make_date, parse_date
from grader.learner.importer.day_headings import Remarks
from grader.learner.importer.document import BOLD, Document
from grader.learner.importer.pieces import Heading, Piece

LocatedPiece = tuple[Block | None, Piece]
"""A piece, and the block that it is part of; a heading that stands alone has none."""


def split_days(
    document: Document, dated: dict[int, tuple[date, bool]], remarks: Remarks
) -> tuple[list[JournalDay], list[LocatedPiece]]:
    """Return the days with their pieces, and the pieces that stand below no date."""
    days: list[JournalDay] = []
    rest: list[LocatedPiece] = []
    held: list[Piece] = []
    current: Heading | None = None

    def close() -> None:
        if current is not None:
            _add_day(days, current, dated[current.line], held, remarks)
            held.clear()

    for number, part in enumerate(document.parts):
        if isinstance(part, Heading) and (part.line in dated or _ends_day(part, current)):
            close()
            current = part if part.line in dated else None
        for block, piece in list_pieces(document, number, part):
            if current is None:
                rest.append((block, piece))
            elif piece.line != current.line:
                held.append(piece)
    close()
    return days, rest


def _ends_day(heading: Heading, current: Heading | None) -> bool:
    """Return True if a heading ends the day before it.

    Below a day in bold, other lines in bold (**Learned:**) are parts of the day, so only a real
    heading ends it.
    """
    return current is not None and heading.level <= min(current.level, BOLD - 1)


def list_pieces(document: Document, number: int, part: Heading | Block) -> Iterator[LocatedPiece]:
    """Yield a block's pieces; a heading is a piece only if nothing stands below it."""
    if isinstance(part, Block):
        yield from ((part, piece) for piece in part.pieces)
        return
    after = document.parts[number + 1] if number + 1 < len(document.parts) else None
    if after is None or (isinstance(after, Heading) and after.level <= part.level):
        yield None, Piece(part.text, part.line, document.paths[number], -part.line)


def _add_day(
    days: list[JournalDay],
    heading: Heading,
    dated: tuple[date, bool],
    held: list[Piece],
    remarks: Remarks,
) -> None:
    day, says_more = dated
    is_repeated = day in remarks.days
    remarks.days.add(day)
    if is_repeated:
        remarks.add(heading, f"a second heading for {name_day(day)}; both are kept, in this order")
    if not held:
        remarks.add(heading, "there is no text below it, so nothing is added to the log")
        return
    pieces = [_cut_path(piece, heading, keep=says_more or is_repeated) for piece in held]
    days.append(JournalDay(day, tuple(pieces), heading.line))


def _cut_path(piece: Piece, heading: Heading, *, keep: bool) -> Piece:
    """Return a piece below the headings inside its day; ``keep`` keeps the day's heading too."""
    lines = [other.line for other in piece.above]
    start = lines.index(heading.line) + (0 if keep else 1) if heading.line in lines else 0
    return replace(piece, above=piece.above[start:])


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
