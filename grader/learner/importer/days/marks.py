"""The lines of a journal that say a day: headings, items, rows and folds, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.learner.importer.dates.calendar_names import (
    normalize,
)
from grader.learner.importer.dates.counts import DayCount, read_count
from grader.learner.importer.dates.labels import is_like_date
from grader.learner.importer.dates.meanings import WrittenDate
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.dates.years import find_year
from grader.learner.importer.days.context import DayContext
from grader.learner.importer.days.entries import list_entries
from grader.learner.importer.days.month_days import parse_number
from grader.learner.importer.text.document import BOLD, Document
from grader.learner.importer.text.pieces import Heading, Piece


@dataclass(frozen=True, slots=True)
class DayMark:
    """A line that says a day."""

    line: int
    words: str
    written: WrittenDate
    level: int = 0
    """The heading's level; 0 for an item, a row or a fold."""

    @property
    def is_heading(self) -> bool:
        """Return True if it is a heading."""
        return self.level > 0


@dataclass(frozen=True, slots=True)
class CountMark:
    """A heading that numbers its day, and gives no date."""

    heading: Heading
    count: DayCount
    week: int | None = None
    """The number of the week above it."""


def find_marks(document: Document, context: DayContext) -> list[DayMark]:
    """Return the lines that say a day; a date without a year takes it from the headings above.

    ``7/20`` is one only where the journal has others.
    """
    headings = _drop_numbers(list(_find_headings(document, context)))
    lines = {mark.line for mark in headings}
    entries = [
        DayMark(piece.line, piece.text.split("\n")[0], _add_year(written, piece))
        for piece, written in list_entries(document.parts, lines, context)
    ]
    return sorted([*headings, *entries], key=lambda mark: mark.line)


def _drop_numbers(marks: list[DayMark]) -> list[DayMark]:
    """Return the marks without numbers such as ``1.2`` and ``2/3`` that nothing shows to be dates.

    Beside clear dates they count on the level of these; alone if one of several can only be a day.
    """
    levels = {mark.level for mark in marks if not mark.written.weak}
    weak = [mark for mark in marks if mark.written.weak]
    if not levels and len(weak) > 1 and any(_is_only_day(mark.written) for mark in weak):
        return marks
    return [mark for mark in marks if not mark.written.weak or mark.level in levels]


def _is_only_day(written: WrittenDate) -> bool:
    return written.day > 12 or written.short


def _add_year(written: WrittenDate, piece: Piece) -> WrittenDate:
    return _set_year(written, find_year([heading.words for heading in piece.above]))


def _find_headings(document: Document, context: DayContext) -> Iterator[DayMark]:
    for heading, path in _list_headings(document):
        if heading.level > BOLD:
            continue
        above = [other.words for other in path]
        written = parse_date(heading.words) or parse_number(heading.words, above, context)
        if written is not None:
            year = find_year(above) if written.year is None else written.year
            yield DayMark(heading.line, heading.words, _set_year(written, year), heading.level)


def _list_headings(document: Document) -> Iterator[tuple[Heading, Sequence[Heading]]]:
    for part, path in zip(document.parts, document.paths, strict=True):
        if isinstance(part, Heading):
            yield part, path


def _set_year(written: WrittenDate, year: int | None) -> WrittenDate:
    if written.year is not None or year is None:
        return written
    readings = tuple((order, year, month, day) for order, _, month, day in written.readings)
    return replace(written, year=year, readings=readings)


def find_unsure(document: Document, lines: set[int]) -> list[Heading]:
    """Return the headings like ``7/2``, which can be a date or something else."""
    found = ((heading, parse_date(heading.words)) for heading in document.headings)
    return [
        heading
        for heading, written in found
        if written and written.weak and "/" in heading.words and heading.line not in lines
    ]


def find_unclear(document: Document, lines: set[int]) -> list[Heading]:
    """Return the headings that seem to name a day, and whose date is not understood."""
    return [
        heading
        for heading in document.headings
        if heading.level <= BOLD and heading.line not in lines and is_like_date(heading.words)
    ]


def find_counts(document: Document, lines: set[int]) -> list[CountMark]:
    """Return the headings that number their day and have no date, which is on none of ``lines``."""
    found = []
    for heading, path in _list_headings(document):
        if heading.line in lines or heading.level > BOLD:
            continue
        count = read_count(normalize(heading.words))
        if count is None or count.kind != "day":
            continue
        weeks = [n for other in path if (n := read_count(normalize(other.words)))]
        week = next((one.number for one in reversed(weeks) if one.kind == "week"), None)
        found.append(CountMark(heading, count, week))
    return found
