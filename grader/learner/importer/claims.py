"""What a journal says is done or planned: boxes and status tables, read beside the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from grader.course.model import Course
from grader.learner.entry_text import name_day
from grader.learner.importer.check_boxes import list_boxes, read_box
from grader.learner.importer.contents import StatusClaim
from grader.learner.importer.mentioned_units import find_units
from grader.learner.importer.pieces import Heading, Piece
from grader.learner.importer.status_tables import list_status_rows

_LAST_REAL = 6
"""The level of the smallest heading; those beyond are lines that serve as one."""


def list_claims(
    pieces: Sequence[Piece], course: Course, day: date | None = None
) -> Iterator[StatusClaim]:
    """Yield the claims in pieces that stand together: those of a day, or those of no day.

    The text is left as it is. A claim is counted beside it.
    """
    for _, held in groupby(pieces, lambda piece: piece.block):
        block = list(held)
        place = name_headings(block[0].above) or (name_day(day) if day else "")
        found: list[tuple[str, bool, str, int]] = []
        if block[0].head:
            found = [(row.words, row.done, row.detail, row.line) for row in list_status_rows(block)]
        else:
            ballots = any("☐" in piece.text for piece in block)
            boxes = (box for piece in block for box in list_boxes(piece, ballots=ballots))
            found = [(box.words, box.done, "", box.line) for box in boxes]
        for words, done, detail, line in found:
            units = find_units(words, course)
            yield StatusClaim(words, done, detail, units, line, place, day)


def list_heading_claims(headings: Iterable[Heading], course: Course) -> Iterator[StatusClaim]:
    """Yield the claims of headings that have a box."""
    for heading in headings:
        if box := read_box(heading.words):
            yield StatusClaim(box[0], box[1], "", find_units(box[0], course), heading.line)


def name_headings(above: Sequence[Heading]) -> str:
    """Return the words of the nearest heading, and of the lines in bold or before a colon below it.

    A line such as ``To do:`` alone does not say where a box stood.
    """
    real = [n for n, heading in enumerate(above) if heading.level <= _LAST_REAL]
    near = above[real[-1] :] if real else above
    return " · ".join(heading.words for heading in near if heading.words)
