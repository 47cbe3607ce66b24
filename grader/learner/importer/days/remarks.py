"""What the learner should know about the lines that say a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from grader.learner.importer.contents import OpenDays, Remark
from grader.learner.importer.dates.meanings import WrittenDate
from grader.learner.importer.dates.years import suggest_year
from grader.learner.importer.days.hints import find_hints, find_start
from grader.learner.importer.days.marks import DayMark
from grader.learner.importer.text.pieces import Piece


@dataclass(slots=True)
class Remarks:
    """Collects what the learner should know about the lines that say a day."""

    remarks: list[Remark] = field(default_factory=list)
    yearless: list[Remark] = field(default_factory=list)
    """Lines with a date whose year cannot be inferred."""
    numbered: list[Remark] = field(default_factory=list)
    """Headings like ``Day 1`` whose day is not known."""
    unsure: list[Remark] = field(default_factory=list)
    """Headings like ``7/2``, which nothing shows to be a date."""
    dates: list[WrittenDate] = field(default_factory=list)
    """The dates without a year."""
    days: set[date] = field(default_factory=set)
    """The days that have had a heading."""
    refused: set[int] = field(default_factory=set)
    """The lines that say a day, and stay in the note."""

    def add(self, line: int, words: str, text: str) -> None:
        """Add a remark about a line."""
        shown = words if len(words) <= 60 else f"{words[:57]}..."
        self.remarks.append(Remark(line, f"{shown!r}: {text}"))

    def forget(self) -> None:
        """Forget everything, where the file's name has said the day of all of it."""
        for told in (self.remarks, self.yearless, self.numbered, self.unsure, self.dates):
            told.clear()

    def refuse(self, mark: DayMark, text: str) -> None:
        """Add a remark about a line that stays in the note."""
        self.refused.add(mark.line)
        self.add(mark.line, mark.words, text)

    def list_open(self, text: str, left: Sequence[Piece], today: date | None) -> OpenDays:
        """Return the lines that say a day and stay in the note."""
        year = suggest_year(self.dates, today) if today and self.dates else None
        start = find_start(text.split("\n")) if self.numbered else None
        hints = (*self.unsure, *find_hints(left, self.refused))
        return OpenDays(tuple(self.yearless), tuple(self.numbered), year, start, hints)
