"""The days of a journal: what stands below each line that says a day."""

from __future__ import annotations

from datetime import date

from grader.learner.importer.contents import JournalDay
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.days.context import DayContext, parse_day
from grader.learner.importer.days.headings import date_headings
from grader.learner.importer.days.parts import (
    LocatedPiece,
    build_whole_day,
)
from grader.learner.importer.days.remarks import Remarks
from grader.learner.importer.days.sections import Dated
from grader.learner.importer.days.splitter import split_days
from grader.learner.importer.text.document import Document
from grader.learner.importer.text.journal_front_matter import list_day_pieces, read_front_matter


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
