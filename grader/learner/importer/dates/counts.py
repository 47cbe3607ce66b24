"""The numbers that days of a journal have: ``Day 3``, ``Tag 3``, ``第3天``, ``Week 2``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from grader.learner.importer.dates.calendar_names import join_names, number_months, read_numeral

_DAY = r"day|tag|jour|dia|giorno|dag|день|дня|dzien|gun|den|paiva|ziua|nap|hari"
_WEEK = r"weeks?|wk|woche|semaine|semana|settimana|неделя|тиждень|tydzien|hafta|uge|vecka|uke|kw"
_OTHER = r"session|entry|part|log|sitzung|seance|sesion|lesson"

_WORDS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


@dataclass(frozen=True, slots=True)
class DayCount:
    """A number that a heading gives to its day or week."""

    number: int
    kind: str
    """``day``, ``week`` or ``other``."""
    end: int
    """Where it ends in the normalized words."""
    several: bool = False
    """True for ``Day 1-3`` and for weeks."""


@cache
def _make_pattern() -> re.Pattern[str]:
    name = join_names(number_months())
    other = rf"(?!\d|[-/.]\d|\s?(?:st|nd|rd|th|\.)?\s?(?:of\s|de\s)?(?:{name})(?!\w))"
    more = rf"(?P<more>\s?(?:-|,|&|\+|and|und|to|et|y|e)\s?(?:{_DAY}\s?)?#?\d{{1,3}}{other})*"
    return re.compile(
        r"[\W_]*(?:(?:my|study|journal|log|learning|coding)\s+)?(?:"
        rf"(?:(?P<day>{_DAY})|(?P<week>{_WEEK}|w(?=\d))|(?P<other>{_OTHER}))"
        rf"(?:\s|[-_.:#])*(?P<n>\d{{1,4}})(?!\d|[-/]\d+[-/])(?:\.\d(?!\d))?{more}"
        rf"|day\s(?P<word>{'|'.join(_WORDS)})"
        rf"|(?P<late>\d{{1,3}})(?:\.|-?й|-?и)?\s?(?:{_DAY})(?=\W*$|\s*[:(|,-])"
        r"|(?:r(?:ound)?\s?\d+\W?)d(?:ay)?\s?(?P<round>\d{1,3})"
        r"|第\s?(?P<zh>\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?P<zw>[天日回课課]|[周週])目?"
        r"|(?P<ja>\d{1,3})\s?(?:日目|일차|일째)"
        r")(?![^\W_])"
    )


def read_count(text: str) -> DayCount | None:
    """Return the number with which normalized words begin; None where they begin otherwise."""
    found = _make_pattern().match(text)
    if found is None:
        return None
    parts = found.groupdict()
    if word := parts["word"]:
        return DayCount(_WORDS.index(word) + 1, "day", found.end())
    number = _read_number(
        parts["n"] or parts["late"] or parts["round"] or parts["zh"] or parts["ja"]
    )
    is_week = bool(parts["week"]) or (parts["zw"] or "") in ("周", "週")
    kind = "week" if is_week else "other" if parts["other"] else "day"
    return DayCount(number, kind, found.end(), is_week or bool(parts["more"]))


def _read_number(digits: str) -> int:
    return int(digits) if digits.isdigit() and digits.isascii() else read_numeral(digits)


def count_day(first: date, number: int, week: int | None = None) -> date | None:
    """Return the day with a number, counted from the first day; None outside of any calendar.

    Where the days start again in each week, ``week`` is the number of theirs.
    """
    offset = number - 1 + (7 * (week - 1) if week is not None and number <= 7 else 0)
    try:
        return first + timedelta(days=offset)
    except OverflowError:
        return None
