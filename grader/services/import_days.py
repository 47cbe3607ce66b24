"""What a journal leaves open of its days, in words: which lines, and how to bring them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.learner.importer.contents import JournalContents, Remark
from grader.services.import_files import ImportFile
from grader.services.import_text import join_lines


def list_open_days(source: ImportFile, found: JournalContents) -> Iterator[str]:
    """Yield a remark for each kind of day that stays in the note, with its lines."""
    left = found.open_days
    if left.yearless:
        year = left.likely_year or 2025
        yield (
            f"{_place(source, left.yearless)}: {_quote(left.yearless)} without a year, kept in "
            f"the note; --year {year} puts it into the log"
        )
    if left.numbered:
        start = left.start or "2025-07-20"
        yield (
            f"{_place(source, left.numbered)}: {_quote(left.numbered)} without a date, kept in "
            f"the note; --first-day {start} puts it into the log"
        )
    elif source.dates.count is not None and not found.days:
        yield (
            f"{source.name}: day {source.dates.count} of what? Kept as a note; "
            "--first-day 2025-07-20 puts it into the log"
        )
    if left.hints:
        yield (
            f"{_place(source, left.hints)}: looks like a day, kept in the note; a heading such as "
            "## 2025-07-20 above it puts it into the log"
        )


def _place(source: ImportFile, lines: Sequence[Remark]) -> str:
    return f"{source.name}:{join_lines([one.line for one in lines])}"


def _quote(lines: Sequence[Remark]) -> str:
    text = lines[0].text if len(lines[0].text) <= 40 else f"{lines[0].text[:37]}..."
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"{text!r}{more}"
