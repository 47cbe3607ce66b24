"""Headings read as days: ``Sunday, 20 July 2025``, ``2025-07-20``, ``Day 3 (Jul 22)``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from grader.journal import DAYS, MONTHS

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
_ANY = [re.compile(f"{_BEFORE}{form}(?![\\d/]){_AFTER}", re.IGNORECASE) for form in _FORMS]
_WHOLE = re.compile(rf"{_BEFORE}{_FORMS[0]}(?P<late>)(?P<rest>\s.*)", re.IGNORECASE)
"""A date with its year in front is one whatever follows."""
_YEARS = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Written:
    """A day as a heading says it."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None
    more: bool = False
    """Whether the heading says more than the day and the weekday."""
    order: str = ""
    """Of digits alone, which come first: ``day``, ``month``, or ``either``."""


def read(words: str) -> Written | None:
    """The day that a heading names; None when it names none."""
    for pattern in (*_ANY, _WHOLE):
        if found := pattern.fullmatch(words.strip()):
            return _written(found)
    return None


def _written(found: re.Match[str]) -> Written:
    said = found.groupdict()
    order = ""
    if said.get("one"):
        day, month = int(said["one"]), int(said["two"])
        order = _order(day, month, said["sep"])
        if order == "month":
            day, month = month, day
    else:
        day = int(said["day"])
        month = _month(said["name"]) if said.get("name") else int(said["month"])
    named = said.get("weekday") or said.get("late")
    return Written(
        *(month, day, int(said["year"]) if said["year"] else None),
        weekday=_weekday(named) if named else None,
        more=bool(said["count"]) or bool(re.search(r"\w", said["rest"])),
        order=order,
    )


def _order(one: int, two: int, mark: str) -> str:
    """Which of two numbers is the day: with points the first, else the one above 12."""
    if mark == "." or one > 12:
        return "day"
    if two > 12:
        return "month"
    return "" if one == two else "either"


def settled(days: Sequence[Written]) -> list[Written | None]:
    """The days, those of digits alone read as the others of the list; None for one left open."""
    orders = {day.order for day in days} & {"day", "month"}
    order = orders.pop() if len(orders) == 1 else ""
    found: list[Written | None] = []
    for day in days:
        if day.order != "either":
            found.append(day)
        elif order == "month":
            found.append(replace(day, month=day.day, day=day.month))
        else:
            found.append(day if order else None)
    return found


def _month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month[:3].lower() == name[:3].lower())


def _weekday(name: str) -> int:
    return next(n for n, day in enumerate(DAYS) if day[:3].lower() == name[:3].lower())


def year_of(above: Sequence[str]) -> int | None:
    """The one year that the nearest heading with a year names: ``2025``, ``July 2025``."""
    for words in reversed(above):
        years = set(_YEARS.findall(words))
        if years:
            return int(years.pop()) if len(years) == 1 else None
    return None


def in_year(written: Written, year: int | None) -> Written:
    """The day with that year."""
    return replace(written, year=year)


def at(written: Written, year: int) -> date | None:
    """The day in that year; None when the calendar has none."""
    try:
        return date(year, written.month, written.day)
    except ValueError:
        return None


def years(days: Sequence[Written], first: int | None = None) -> list[int | None]:
    """The year of each: its own, or the one that puts it nearest to its neighbour before.

    What comes before the first known year looks forward to it; ``first`` is for a list in which
    no year is known.
    """
    found = [day.year for day in days]
    if not any(found):
        if first is None or not days:
            return found
        found[0] = first
    known = next(n for n, year in enumerate(found) if year)
    for n in range(known - 1, -1, -1):
        found[n] = _near(days[n], days[n + 1], found[n + 1])
    for n in range(known + 1, len(days)):
        found[n] = found[n] or _near(days[n], days[n - 1], found[n - 1])
    return found


def _near(one: Written, other: Written, year: int | None) -> int | None:
    anchor = at(other, year) if year else None
    if year is None or anchor is None:
        return year
    choices = [
        (abs((day - anchor).days), y) for y in (year, year - 1, year + 1) if (day := at(one, y))
    ]
    return min(choices)[1] if choices else year
