"""Lines that are days: their dates, completed by the other lines and by the calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from grader.learner.entry_text import name_day
from grader.learner.importer.contents import Remark
from grader.learner.importer.dates.counts import count_day
from grader.learner.importer.dates.meanings import make_date
from grader.learner.importer.dates.order import resolve_order
from grader.learner.importer.dates.years import find_slips, infer_years
from grader.learner.importer.days.context import DayContext
from grader.learner.importer.days.marks import (
    DayMark,
    find_counts,
    find_marks,
    find_unclear,
    find_unsure,
)
from grader.learner.importer.days.remarks import Remarks
from grader.learner.importer.days.sections import Dated, date_sections, date_weekdays
from grader.learner.importer.text.document import Document
from grader.learner.importer.text.pieces import Heading

_SHORT = 60
"""Letters of a line that is about the journal, not a text that names some year."""


def date_headings(document: Document, context: DayContext, remarks: Remarks) -> Dated:
    """Return the day of each heading, item and row that has a date, by its line.

    Dates are rarely complete: ``Dec 30`` lacks its year and ``03/04/2025`` its order. First the
    order of day and month is resolved, over all dates of the journal, and then the years are
    inferred from neighbour to neighbour. What stays open is a remark, and its text stays in the
    note.
    """
    marks = find_marks(document, context)
    ordered: list[DayMark] = []
    for mark, written in zip(
        marks, resolve_order([mark.written for mark in marks], context.today), strict=True
    ):
        if written is None:
            remarks.refuse(mark, "day and month are ambiguous; write it as 2025-04-03")
        else:
            ordered.append(DayMark(mark.line, mark.words, written, mark.level))
    days = _drop_slips(_make_days(document, ordered, context, remarks), context, remarks)
    dated = {mark.line: (day, _check(mark, day, remarks)) for mark, day in days}
    date_sections(document, dated)
    date_weekdays(document, dated, {mark.line for mark, _ in days if mark.written.spans})
    _date_counts(document, days, dated, context, remarks)
    for heading in find_unsure(document, dated.keys() | remarks.refused):
        remarks.unsure.append(Remark(heading.line, heading.words))
    for heading in find_unclear(document, dated.keys() | remarks.refused):
        text = "looks like a day, and its date is not understood; write it as 2025-07-20"
        remarks.refused.add(heading.line)
        remarks.add(heading.line, heading.words, text)
    return dated


def _make_days(
    document: Document, marks: Sequence[DayMark], context: DayContext, remarks: Remarks
) -> list[tuple[DayMark, date]]:
    year = context.year
    if year is None and marks and not any(mark.written.year for mark in marks):
        year = _find_intro_year(document, marks[0], remarks)
    years = infer_years([mark.written for mark in marks], year)
    days = []
    for mark, its_year in zip(marks, years, strict=True):
        if its_year is None:
            remarks.refused.add(mark.line)
            remarks.yearless.append(Remark(mark.line, mark.words))
            remarks.dates.append(mark.written)
        elif (day := make_date(mark.written, its_year)) is None:
            remarks.refuse(mark, "there is no such date; it stays in the note")
        elif not mark.is_heading and context.today and day > context.today:
            remarks.refuse(mark, "a day in the future; it stays in the note")
        else:
            days.append((mark, day))
    return days


def _find_intro_year(document: Document, first: DayMark, remarks: Remarks) -> int | None:
    """Return the one year in the headings and short lines above the first day: ``Log of 2025``."""
    found: dict[int, int] = {}
    for part in document.parts:
        text = part.text if isinstance(part, Heading) else part.pieces[0].text
        if part.line < first.line and len(text) <= _SHORT:
            years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
            found |= {int(year): part.line for year in years}
    if len(found) != 1:
        return None
    ((year, line),) = found.items()
    remarks.add(first.line, first.words, f"the year {year} is taken from line {line}")
    return year


def _drop_slips(
    days: list[tuple[DayMark, date]], context: DayContext, remarks: Remarks
) -> list[tuple[DayMark, date]]:
    """Return the days without those whose year looks like a slip of the pen."""
    slips = find_slips([day for _, day in days], context.today)
    for n, year in slips.items():
        mark, day = days[n]
        remarks.refuse(
            mark, f"{day.year} is far from the days beside it; is it {year}? It stays in the note"
        )
    return [pair for n, pair in enumerate(days) if n not in slips]


def _check(mark: DayMark, day: date, remarks: Remarks) -> bool:
    """Return True if the line says more than its day; a remark says what was decided."""
    written = mark.written
    wrong = bool(written.weekdays) and day.weekday() not in written.weekdays
    if wrong:
        weekday = name_day(day).partition(",")[0]
        remarks.add(mark.line, mark.words, f"that date is a {weekday}; the date is used")
    if written.spans:
        remarks.add(mark.line, mark.words, f"several days; filed under the first, {name_day(day)}")
    return written.more or wrong or written.spans


def _date_counts(
    document: Document,
    days: Sequence[tuple[DayMark, date]],
    dated: Dated,
    context: DayContext,
    remarks: Remarks,
) -> None:
    """Add the days of headings like ``Day 3``, counted from the first day."""
    counts = find_counts(document, dated.keys() | remarks.refused)
    first = context.first or _find_first([(m.written.count, day) for m, day in days])
    for mark in counts:
        day = count_day(first, mark.count.number, mark.week) if first else None
        if day is None:
            remarks.refused.add(mark.heading.line)
            remarks.numbered.append(Remark(mark.heading.line, mark.heading.words))
            continue
        dated[mark.heading.line] = day, True
        if mark.count.several:
            words = mark.heading.words
            remarks.add(mark.heading.line, words, f"several days; filed under {name_day(day)}")


def _find_first(counted: Sequence[tuple[int | None, date]]) -> date | None:
    """Return the first day on which two or more numbered days with dates agree."""
    firsts = [day - timedelta(days=count - 1) for count, day in counted if count is not None]
    return firsts[0] if len(firsts) > 1 and len(set(firsts)) == 1 else None
