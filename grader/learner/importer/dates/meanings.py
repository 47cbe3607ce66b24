"""What a date can mean: the readings of its numbers, as found in a line and as a line's date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

Reading = tuple[str, int | None, int, int]
"""An order, with the year, month and day that it gives."""

_TIME = re.compile(r"\W*(?:(?:at|um|a|à)\s)?t?\d{1,2}[:.h]\d\d(?::\d\d)?\s?(?:am|pm|uhr|h|z)?\W*$")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line, and where it stands there."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    span: bool = False
    """True if it names several days: ``14-20 July``."""
    short: bool = False
    """True if its year has two digits between two other numbers: ``25.07.21``."""
    weak: bool = False
    """True if it is two numbers, which are a date only beside something that says so."""
    dashed: bool = False
    """True for ``07-20``, which is a date only beside a weekday."""

    @property
    def year(self) -> int | None:
        """Return the year of its first reading."""
        return self.readings[0][1]


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as a heading writes it."""

    month: int
    day: int
    year: int | None = None
    weekdays: frozenset[int] = frozenset()
    """The weekday that is written beside it; two where a short name has two meanings."""
    more: bool = False
    """True if the heading says more than the day and the weekday."""
    readings: tuple[Reading, ...] = ()
    """What its numbers can mean, where that is not clear from its form."""
    short: bool = False
    """True if its year has two digits between other numbers: ``25.07.21``."""
    spans: bool = False
    """True if the heading names several days, of which this is the first."""
    weak: bool = False
    """True for ``7/20``, which is a date only beside other dates."""
    leads: bool = True
    """True if the line begins with it."""
    count: int | None = None
    """The number of the day: 3 in ``Day 3 (Jul 22)``."""
    tail: str = ""
    """What stands behind it."""

    @property
    def mark(self) -> str:
        """Return the sign that follows it, behind a bracket that it closes."""
        return self.tail.lstrip(")] ")[:1]

    @property
    def is_whole(self) -> bool:
        """Return True if nothing but the number of the day, or a time, stands beside it."""
        return self.leads and (not re.search(r"\w", self.tail) or bool(_TIME.match(self.tail)))


def make_date(written: WrittenDate, year: int) -> date | None:
    """Return the date in that year; None when the calendar has no such day."""
    try:
        return date(year, written.month, written.day)
    except ValueError:
        return None


def is_valid(month: int, day: int) -> bool:
    """Return True if some year has such a day."""
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 31 - (month in (4, 6, 9, 11)))


def read_pair(
    one: int, two: int, mark: str, year: int | None, *, same: bool = False
) -> tuple[Reading, ...]:
    """Return what two numbers can mean: the day comes first, or the month.

    Points are written in countries where the day comes first. ``03/04`` alone can be either: other
    dates of the journal decide. ``same`` keeps the order of two equal numbers.
    """
    if one == two and not same:
        return keep_valid([("", year, two, one)])
    choices: list[Reading] = [("day", year, two, one)]
    if mark != "." or two > 12:
        choices.append(("month", year, one, two))
    return keep_valid(choices)


def keep_valid(choices: list[Reading]) -> tuple[Reading, ...]:
    """Return the readings that the calendar has; the first one where it has none of them."""
    valid = tuple(choice for choice in choices if is_valid(choice[2], choice[3]))
    in_words = tuple(one for one in choices if one[2] <= 12 and 0 < one[3] <= 31 and one[2] > 0)
    return valid or in_words[:1]
