"""The years of dates that lack one, and years that are a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from grader.learner.importer.dates.meanings import WrittenDate, make_date

_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NEAR, _OFF, _DECADES = 60, 300, 2_000
"""Days between neighbours, and days from which a year looks wrong between two and beside one."""


def find_year(above: Sequence[str]) -> int | None:
    """Return the one year that the nearest heading with a year names: ``2025``, ``July 2025``."""
    for words in reversed(above):
        years = set(_YEARS.findall(words))
        if years:
            return int(years.pop()) if len(years) == 1 else None
    return None


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


def suggest_year(days: Sequence[WrittenDate], today: date) -> int:
    """Return the latest year in which the dates are not in the future and their weekdays fit.

    It is only proposed, never taken without a word.
    """
    for year in range(today.year, today.year - 12, -1):
        made = [made for day in days if (made := make_date(day, year))]
        named = [
            d.weekday() in day.weekdays
            for day in days
            if day.weekdays and (d := make_date(day, year))
        ]
        if made and made[0] <= today and all(named):
            return year
    return today.year


def find_slips(days: Sequence[date], today: date | None = None) -> dict[int, int]:
    """Return the dates whose year looks wrong, by position, with the year that would fit.

    Such a date is far from the dates before and after it, and would be near to them in their year.
    At an end of the journal there is one neighbour; then a date is in doubt if it is in the future,
    or if the neighbour itself is near to the next one.
    """
    slips: dict[int, int] = {}
    for n, day in enumerate(days):
        beside = [days[m] for m in (n - 1, n + 1) if 0 <= m < len(days) and m not in slips]
        is_future = today is not None and day > today
        if not beside or (len(beside) < 2 and not is_future and not _ends_a_run(days, n)):
            continue
        if any(abs((other - day).days) < _OFF for other in beside):
            continue
        if len(beside) == 2 and abs((beside[0] - beside[1]).days) > _NEAR and not is_future:
            continue
        if (year := _find_nearer_year(day, beside)) and year != day.year:
            slips[n] = year
    return slips


def _ends_a_run(days: Sequence[date], n: int) -> bool:
    """Return True if the one neighbour of a first or last date has a near neighbour itself."""
    inner = (1, 2) if n == 0 else (len(days) - 2, len(days) - 3)
    if len(days) < 3 or abs((days[n] - days[inner[0]]).days) < _DECADES:
        return False
    return abs((days[inner[0]] - days[inner[1]]).days) <= _NEAR


def _find_nearer_year(day: date, beside: Sequence[date]) -> int | None:
    """Return the year in which a day is near one of its neighbours; None if there is none."""
    for other in beside:
        for year in (other.year, other.year + 1, other.year - 1):
            try:
                moved = day.replace(year=year)
            except ValueError:
                continue
            if abs((moved - other).days) <= _NEAR:
                return year
    return None
