"""What is known of a journal's days from elsewhere: its file's name, the options, the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from grader.learner.importer.dates.counts import count_day
from grader.learner.importer.dates.file_days import FileDate
from grader.learner.importer.dates.meanings import make_date
from grader.learner.importer.dates.parser import parse_date


@dataclass(frozen=True, slots=True)
class DayContext:
    """What the days of a journal are completed with."""

    day: date | None = None
    """The day of a file that is named like one."""
    year: int | None = None
    """The year of the first date, where the journal names none."""
    month: int | None = None
    """The month of a file that is named like one, for headings that are only a number."""
    first: date | None = None
    """The day that ``Day 1`` was."""
    today: date | None = None
    count: int | None = None
    """The number of the day of a file that is named ``Day 6``."""


def parse_day(words: str) -> date | None:
    """Return the day that front matter names; None where it names none, or not its year."""
    written = parse_date(words)
    if written and written.leads and written.year and len(written.readings) < 2:
        return make_date(written, written.year)
    return None


def complete_context(dates: FileDate, given: DayContext) -> DayContext:
    """Return what is known of a file's days: what its name says, and else what the options say."""
    day = dates.day
    if day is None and dates.count is not None and given.first is not None:
        day = count_day(given.first, dates.count, dates.week)
    if day is None and dates.yearless is not None and given.year is not None:
        day = make_date(dates.yearless, given.year)
    year = day.year if day else dates.year or given.year
    return replace(given, day=day, year=year, month=dates.month, count=dates.count)
