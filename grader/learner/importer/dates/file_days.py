"""The day that a file's name says, alone or with the folders that it lies in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from grader.learner.importer.dates.calendar_names import join_names, normalize, number_months
from grader.learner.importer.dates.counts import DayCount, read_count
from grader.learner.importer.dates.meanings import WrittenDate, is_valid, make_date
from grader.learner.importer.dates.order import resolve_order
from grader.learner.importer.dates.parser import parse_date

_PLAIN = {"readme", "index", "journal", "notes", "note", "log", "main", "summary"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_WEEK = re.compile(r"(?P<year>(?:19|20)\d\d)\W?w(?P<week>[0-5]\d)")


@dataclass(frozen=True, slots=True)
class FileDate:
    """What a file's name says of its days."""

    day: date | None = None
    year: int | None = None
    """The year of a folder ``2025``, or of a file ``2025-07.md``."""
    month: int | None = None
    count: int | None = None
    """The number in ``Day6/README.md``."""
    week: int | None = None
    yearless: WrittenDate | None = None
    """The day and month of a file ``July 20.md``, if no folder has its year."""
    remark: str = ""


def read_file_dates(
    paths: Sequence[tuple[Sequence[str], Sequence[str]]], today: date | None = None
) -> list[FileDate]:
    """Return what each path says: the folders above what is imported, and the path below them.

    The names of one folder keep to one order: ``20-04-2025`` shows what ``03-04-2025`` means. Of
    the folders above only those count that are nothing but a day, a month or a year.
    """
    read = [_read_parts([*_list_outer(outer), *map(_clean, inside)]) for outer, inside in paths]
    written = [day for _, day in read if day is not None]
    resolved = iter(resolve_order(written, today))
    return [found if day is None else _settle(found, next(resolved)) for found, day in read]


def _list_outer(names: Sequence[str]) -> list[str]:
    kept = [_clean(name) for name in names]
    return [name for name in kept if any(_read_month(name)) or name.isdigit() or _is_day(name)]


def _is_day(name: str) -> bool:
    written = parse_date(name)
    count = read_count(name)
    return bool(written and written.is_whole and not written.weak) or bool(
        count and count.end == len(name)
    )


def _settle(found: FileDate, written: WrittenDate | None) -> FileDate:
    if written is None:
        text = "day and month of its name are ambiguous; name it like 2025-04-03.md"
        return replace(found, remark=text)
    year = written.year or found.year
    if year is None:
        return replace(found, yearless=written)
    day = make_date(written, year)
    if day is None:
        return replace(found, remark="there is no such date as its name says")
    remark = "its name says several days; filed under the first" if written.spans else ""
    return replace(found, day=day, remark=remark)


def _clean(part: str) -> str:
    """Return a name as words: underscores are spaces, and the id of a Notion export goes."""
    part = re.sub(r"\s[0-9a-f]{32}$", "", part)
    return normalize(re.sub(r"(?<!\d)_|_(?!\d)", " ", part))


def _read_parts(parts: list[str]) -> tuple[FileDate, WrittenDate | None]:
    """Return what folders and name say, and the date that the innermost of them writes."""
    names = parts[:-1] if parts[-1] in _PLAIN and len(parts) > 1 else parts
    for n in range(len(names) - 1, -1, -1):
        if n < len(names) - 1 and _read_month(names[n])[1]:  # the folder 07-July is no 7 July
            continue
        if (week := _WEEK.match(names[n])) and (day := _find_monday(week)):
            return FileDate(day, remark="its name says a week; filed under its Monday"), None
        written = parse_date(names[n])
        is_sure = written is not None and (not written.weak or (written.short and written.is_whole))
        if is_sure and not _YEAR.fullmatch(names[n]):
            year, _ = _read_folders(names[:n])
            return FileDate(year=year), written
    year, month = _read_folders(names[:-1])
    if year and (found := _read_number(names[-1], month)):
        return FileDate(year=year), replace(found, year=year)
    year, month = _read_folders(names)
    counts = [count for name in names if (count := read_count(name))]
    return FileDate(None, year, month, *_read_counts(counts)), None


def _find_monday(week: re.Match[str]) -> date | None:
    try:
        return date.fromisocalendar(int(week["year"]), int(week["week"]), 1)
    except ValueError:
        return None


def _read_counts(counts: list[DayCount]) -> tuple[int | None, int | None]:
    days = [count.number for count in counts if count.kind == "day"]
    weeks = [count.number for count in counts if count.kind == "week"]
    return (days[-1] if days else None), (weeks[-1] if weeks else None)


def _read_folders(names: list[str]) -> tuple[int | None, int | None]:
    """Return the year and month that the folders say."""
    year = month = None
    for name in names:
        own_year, own_month = _read_month(name)
        if own_month and (own_year or year):
            year, month = own_year or year, own_month
        elif _YEAR.fullmatch(name):
            year, month = int(name), None
        elif year and re.fullmatch(r"0?[1-9]|1[0-2]", name):
            month = int(name)
    return year, month


def _read_month(name: str) -> tuple[int | None, int | None]:
    """Return the year and month of ``2025-07``, ``07-July`` and ``July 2025``."""
    months = join_names(number_months())
    if found := re.fullmatch(r"((?:19|20)\d\d)[-_. 年]?(0[1-9]|1[0-2]|[1-9])月?", name):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(
        rf"(?:(?P<a>(?:19|20)\d\d)?\W*(?:[01]?\d)?\W*)(?P<name>{months})\W*(?P<b>(?:19|20)\d\d)?",
        name,
    ):
        year = found["a"] or found["b"]
        return int(year) if year else None, number_months()[found["name"]]
    return (int(name), None) if _YEAR.fullmatch(name) else (None, None)


def _read_number(name: str, month: int | None) -> WrittenDate | None:
    """Read the name of a file in the folder of its month or year: ``29``, ``07-29``."""
    if found := re.fullmatch(r"(\d\d)[-_. ]?(\d\d)", name):
        one, two = int(found[1]), int(found[2])
        if one == month and is_valid(one, two):
            return WrittenDate(one, two)
        readings = (("month", None, one, two), ("day", None, two, one))
        real = tuple(reading for reading in readings if is_valid(reading[2], reading[3]))
        return WrittenDate(real[0][2], real[0][3], readings=real) if real and not month else None
    if month and (found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|日)?", name)):
        return WrittenDate(month, int(found[1])) if is_valid(month, int(found[1])) else None
    return None
