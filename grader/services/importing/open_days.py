"""What journals leave open of their days, in words: which lines, and how to bring them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from grader.learner.importer.contents import JournalContents, Remark
from grader.services.importing.files import ImportFile
from grader.services.importing.text import format_lines

Found = tuple[ImportFile, JournalContents]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Lines that one answer would put into the log."""

    lines: tuple[str, ...]
    """Each with its file."""
    likely: str
    """An answer that may be right."""


def find_missing_year(journals: Sequence[Found]) -> OpenQuestion | None:
    """Return the lines with a date whose year nothing tells; None where there are none."""
    lines = [line for source, found in journals for line in _list_yearless(source, found)]
    years = (found.open_days.likely_year for _, found in journals)
    return OpenQuestion(tuple(lines), str(next(filter(None, years), 2025))) if lines else None


def find_missing_first_day(journals: Sequence[Found]) -> OpenQuestion | None:
    """Return the headings and files with the number of a day; None where there are none.

    The day on which the journal says that it starts is proposed, and else the first one known.
    """
    lines = [line for source, found in journals for line in _list_numbered(source, found)]
    starts = [found.open_days.start for _, found in journals if found.open_days.start]
    known = [day.day for _, found in journals for day in found.days]
    likely = starts[0] if starts else min(known, default=date(2025, 7, 20))
    return OpenQuestion(tuple(lines), likely.isoformat()) if lines else None


def _list_yearless(source: ImportFile, found: JournalContents) -> Iterator[str]:
    for one in found.open_days.yearless:
        yield f"{source.name}:{one.line}: {one.text}"
    if source.dates.yearless is not None and not found.days:
        yield source.name


def _list_numbered(source: ImportFile, found: JournalContents) -> Iterator[str]:
    if found.open_days.numbered:
        for one in found.open_days.numbered:
            yield f"{source.name}:{one.line}: {one.text}"
    elif source.dates.count is not None and not found.days:
        yield source.name


def list_open_days(journals: Sequence[Found]) -> Iterator[str]:
    """Yield a remark for each kind of day that stays in a note, with what would bring it."""
    if year := find_missing_year(journals):
        yield (
            f"{_shorten(year.lines)}: no year here or near it, kept in the note; "
            f"--year {year.likely} puts it into the log"
        )
    if first := find_missing_first_day(journals):
        yield (
            f"{_shorten(first.lines)}: a day with a number and no date, kept in the note; "
            f"--first-day {first.likely} puts it into the log"
        )


def list_hints(source: ImportFile, found: JournalContents) -> Iterator[str]:
    """Yield a remark for the other lines that look like a day."""
    if hints := found.open_days.hints:
        yield (
            f"{source.name}:{_join(hints)}: looks like a day, kept in the note; a heading such as "
            "## 2025-07-20 above it puts it into the log"
        )


def _join(lines: Sequence[Remark]) -> str:
    return format_lines([one.line for one in lines])


def _shorten(lines: Sequence[str]) -> str:
    shown = [line if len(line) <= 70 else f"{line[:67]}..." for line in lines[:3]]
    return "; ".join(shown) + (f"; and {len(lines) - 3} more" if len(lines) > 3 else "")
