"""Dates as headings write them: ``Sunday, 20 July 2025``, ``2025-07-20``, ``Day 3 (Jul 22)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from grader.learner.entry_text import DAYS, MONTHS

_MONTH = "|".join(f"{m[:3]}(?:{m[3:]})?" if m[3:] else m for m in MONTHS).replace("Sep(", "Sept?(")
_WEEKDAY = "|".join(f"{d[:3]}(?:{d[3:]})?" for d in DAYS) + "|Tues|Wednes|Thur|Thurs"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+'?(?P<year>\d{4}))?"
_FORMS = (
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
    rf"{_DAY}(?:\s+of)?[\s-]+(?P<name>{_MONTH})\.?,?{_YEAR}",
    rf"(?P<name>{_MONTH})\.?[\s-]+{_DAY}{_YEAR}",
    r"(?P<one>\d{1,2})(?P<sep>[-/.])(?P<two>\d{1,2})(?P=sep)(?P<year>\d{4})",
)
_BEFORE = (
    r"[\W_]*(?:(?:study\s+|journal\s+|log\s+)?(?P<count>(?:day|week|session|entry)\s*\#?\d+)\b[\s:,(|–—-]*)?"
    rf"(?:(?P<weekday>{_WEEKDAY})\b[.,]?\s*[(–—-]?\s*)?"
)
_AFTER = (
    rf"(?:[\s,]*[(\[]?(?P<late>{_WEEKDAY})\b[)\]]?)?"
    r"(?P<close>[)\]]*)(?P<rest>\s*$|\s*[:,;|(\[–—•·-].*$|\s*[^\w\s].*$)"
)
_ALONE = [re.compile(f"{_BEFORE}{form}(?![\\d/]){_AFTER}", re.IGNORECASE) for form in _FORMS]
_WHOLE = re.compile(rf"{_BEFORE}{_FORMS[0]}(?P<late>)(?P<rest>\s.*)", re.IGNORECASE)
"""With its year in front a date is one whatever follows; else ``May 5 ways`` would be a day."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as a heading writes it."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None
    more: bool = False
    """True if the heading says more than the day and the weekday."""
    order: str = ""
    """Which of two numbers comes first: ``day``, ``month``, or ``either``; empty if it is clear."""


def parse_date(words: str) -> WrittenDate | None:
    """Parse the date that a heading begins with; None when it begins with none."""
    for pattern in (*_ALONE, _WHOLE):
        if found := pattern.fullmatch(words.strip()):
            return _build_date(found)
    return None


def _build_date(found: re.Match[str]) -> WrittenDate:
    parts = found.groupdict()
    order = ""
    if parts.get("one"):
        day, month = int(parts["one"]), int(parts["two"])
        order = _find_order(day, month, parts["sep"])
        if order == "month":
            day, month = month, day
    else:
        day = int(parts["day"])
        month = _number_month(parts["name"]) if parts.get("name") else int(parts["month"])
    weekday = parts.get("weekday") or parts.get("late")
    return WrittenDate(
        *(month, day, int(parts["year"]) if parts["year"] else None),
        weekday=_number_weekday(weekday) if weekday else None,
        more=bool(parts["count"]) or bool(re.search(r"\w", parts["rest"])),
        order=order,
    )


def _find_order(one: int, two: int, mark: str) -> str:
    """Return which of two numbers comes first, the day or the month.

    A number above 12 is the day. Points are written in countries where the day comes first.
    ``03/04`` alone can be either: other headings of the journal decide.
    """
    if mark == "." or one > 12:
        return "day"
    if two > 12:
        return "month"
    return "" if one == two else "either"


def _number_month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month[:3].lower() == name[:3].lower())


def _number_weekday(name: str) -> int:
    return next(n for n, day in enumerate(DAYS) if day[:3].lower() == name[:3].lower())


def make_date(written: WrittenDate, year: int) -> date | None:
    """Return the date in that year; None when the calendar has no such day."""
    try:
        return date(year, written.month, written.day)
    except ValueError:
        return None
