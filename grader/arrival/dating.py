"""Which headings of a journal are days: their dates settled by each other and by the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from grader.arrival import dates
from grader.arrival.blocks import BOLD, Document
from grader.arrival.found import Heading, Remark
from grader.journal import title


@dataclass(slots=True)
class Told:
    """What the learner should know, gathered on the way."""

    remarks: list[Remark] = field(default_factory=list)
    yearless: list[Remark] = field(default_factory=list)
    days: set[date] = field(default_factory=set)

    def say(self, heading: Heading, text: str) -> None:
        """A remark about a heading."""
        self.remarks.append(Remark(heading.line, f"{heading.words!r}: {text}"))


def dated(parts: Document, year: int | None, told: Told) -> dict[int, tuple[date, bool]]:
    """The day of each heading that names one, by its line, and whether the heading says more."""
    named = _named(parts)
    settled = dates.settled([written for _, written in named])
    for (heading, _), written in zip(named, settled, strict=True):
        if written is None:
            told.say(
                heading, "day and month can be either; write it as 2025-04-03 and import again"
            )
    clear = [(h, w) for (h, _), w in zip(named, settled, strict=True) if w is not None]
    years = dates.years([written for _, written in clear], year)
    days: dict[int, tuple[date, bool]] = {}
    for (heading, written), its in zip(clear, years, strict=True):
        if its is None:
            told.yearless.append(Remark(heading.line, heading.words))
        elif (day := dates.at(written, its)) is None:
            told.say(heading, "the calendar has no such day; it stays in the note")
        else:
            wrong = written.weekday not in (None, day.weekday())
            if wrong:
                told.say(heading, f"that day is a {title(day).partition(',')[0]}; the date counts")
            days[heading.line] = day, written.more or wrong
    return days


def _named(parts: Document) -> list[tuple[Heading, dates.Written]]:
    """The headings that name a day; a year above them is theirs."""
    found = []
    path: list[Heading] = []
    for heading in parts.headings:
        path = [other for other in path if other.level < heading.level]
        if heading.level <= BOLD and (written := dates.read(heading.words)):
            if written.year is None:
                above = dates.year_of([other.words for other in path])
                written = dates.in_year(written, above)
            found.append((heading, written))
        path.append(heading)
    return found
