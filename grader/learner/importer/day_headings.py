"""Headings that are days: their dates, completed by the other headings and by the calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from grader.learner.entry_text import name_day
from grader.learner.importer.contents import Remark
from grader.learner.importer.dates import WrittenDate, make_date, parse_date
from grader.learner.importer.document import BOLD, Document
from grader.learner.importer.pieces import Heading

_YEARS = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Remarks:
    """Collects what the learner should know about the headings."""

    remarks: list[Remark] = field(default_factory=list)
    yearless: list[Remark] = field(default_factory=list)
    """Headings with a date whose year cannot be inferred."""
    days: set[date] = field(default_factory=set)
    """The days that have had a heading."""

    def add(self, heading: Heading, text: str) -> None:
        """Add a remark about a heading."""
        self.remarks.append(Remark(heading.line, f"{heading.words!r}: {text}"))


def date_headings(
    document: Document, year: int | None, remarks: Remarks
) -> dict[int, tuple[date, bool]]:
    """Return the day of each heading that has a date, by its line, and True if it says more.

    Dates are rarely complete: ``Dec 30`` lacks its year and ``03/04/2025`` its order. First the
    order of day and month is resolved, over all headings of the journal, and then the years are
    inferred from neighbour to neighbour. What stays open is a remark, and its text stays in the
    note.
    """
    found = _find_dates(document)
    dated: list[tuple[Heading, WrittenDate]] = []
    resolved = resolve_order([written for _, written in found])
    for (heading, _), written in zip(found, resolved, strict=True):
        if written is None:
            text = "day and month are ambiguous; write it as 2025-04-03 and import again"
            remarks.add(heading, text)
        else:
            dated.append((heading, written))
    years = infer_years([written for _, written in dated], year)
    days: dict[int, tuple[date, bool]] = {}
    for (heading, written), its_year in zip(dated, years, strict=True):
        if its_year is None:
            remarks.yearless.append(Remark(heading.line, heading.words))
        elif (day := make_date(written, its_year)) is None:
            remarks.add(heading, "there is no such date; it stays in the note")
        else:
            wrong = written.weekday not in (None, day.weekday())
            if wrong:
                weekday = name_day(day).partition(",")[0]
                remarks.add(heading, f"that date is a {weekday}; the date is used")
            days[heading.line] = day, written.more or wrong
    return days


def _find_dates(document: Document) -> list[tuple[Heading, WrittenDate]]:
    """Return the headings that begin with a date; one without a year takes it from above."""
    found = []
    path: list[Heading] = []
    for heading in document.headings:
        path = [other for other in path if other.level < heading.level]
        if heading.level <= BOLD and (written := parse_date(heading.words)):
            if written.year is None:
                written = replace(written, year=find_year([other.words for other in path]))
            found.append((heading, written))
        path.append(heading)
    return found


def find_year(above: Sequence[str]) -> int | None:
    """Return the one year that the nearest heading with a year names: ``2025``, ``July 2025``."""
    for words in reversed(above):
        years = set(_YEARS.findall(words))
        if years:
            return int(years.pop()) if len(years) == 1 else None
    return None


def resolve_order(days: Sequence[WrittenDate]) -> list[WrittenDate | None]:
    """Return the dates with day and month in order; None for one that stays ambiguous.

    One writer keeps to one order: ``20/04`` in the same journal shows that ``03/04`` is in April.
    If the clear dates contradict each other, they decide nothing.
    """
    orders = {day.order for day in days} & {"day", "month"}
    order = orders.pop() if len(orders) == 1 else ""
    resolved: list[WrittenDate | None] = []
    for day in days:
        if day.order != "either":
            resolved.append(day)
        elif order == "month":
            resolved.append(replace(day, month=day.day, day=day.month))
        else:
            resolved.append(day if order else None)
    return resolved


def infer_years(days: Sequence[WrittenDate], first: int | None = None) -> list[int | None]:
    """Return the year of each date: its own, or the one that puts it nearest to its neighbour.

    From the first known year it goes backwards to the beginning and forwards to the end, because
    entries next to each other were written soon after each other, in whichever direction the
    journal runs. ``first`` is the year of the first date, for a journal in which none is known.
    """
    years = [day.year for day in days]
    if not any(years):
        if first is None or not days:
            return years
        years[0] = first
    known = next(n for n, year in enumerate(years) if year)
    for n in range(known - 1, -1, -1):
        years[n] = _choose_year(days[n], days[n + 1], years[n + 1])
    for n in range(known + 1, len(days)):
        years[n] = years[n] or _choose_year(days[n], days[n - 1], years[n - 1])
    return years


def _choose_year(day: WrittenDate, neighbour: WrittenDate, year: int | None) -> int | None:
    """Return the neighbour's year, or the one before or after if that is nearer in days."""
    anchor = make_date(neighbour, year) if year else None
    if year is None or anchor is None:
        return year
    choices = [
        (abs((candidate - anchor).days), y)
        for y in (year, year - 1, year + 1)
        if (candidate := make_date(day, y))
    ]
    return min(choices)[1] if choices else year
