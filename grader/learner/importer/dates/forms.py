"""The forms in which people write a date, and what each can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from grader.learner.importer.dates.calendar_names import (
    join_names,
    list_leading_months,
    number_months,
)
from grader.learner.importer.dates.meanings import FoundDate, is_valid, keep_valid, read_pair

_YEAR = r"(?:19|2\d)\d\d"
_NTH = r"(?:st|nd|rd|th|er|ere|re|e|o|a|\.|°)?"
_TO = r"\s*(?:-|~|,|&|/|\+|and|to|und|bis|et|au|y|al|e|a|i|en|t/m|по|до)\s*"
"""What stands between the days of a range such as ``14-20 July``."""
_ERAS = {"令和": 2018, "平成": 1988}


def scan_dates(text: str) -> list[FoundDate]:
    """Return the dates in a normalized text from left to right, without overlaps."""
    if not re.search(r"\d", text):
        return []
    found = [one for form in _FORMS for one in form(text)]
    found.sort(key=lambda one: (one.start, one.weak, one.short, -one.end))
    kept: list[FoundDate] = []
    for one in found:
        if not one.readings:
            continue
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif kept[-1].year is None and one.year is not None:  # "1. July 20, 2025" is the 20th
            kept[-1] = one
    return kept


_NUMBERS = (
    re.compile(
        rf"(?<![\d.])(?P<y>{_YEAR})\s?(?P<sep>[-/._])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?"
        r"(?P<d>\d{1,2})(?!\d|\.\d)(?:\.(?=\s|$))?"
    ),
    re.compile(
        rf"(?<![\da-z.])(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\da-z])"
    ),
    re.compile(
        rf"(?:(?:(?P<y>{_YEAR})|(?<!\d)(?P<short>\d\d)|(?P<era>令和|平成)(?P<n>\d\d?|元))\s?[年년]"
        r"\s?)?(?<!\d)(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})(?!\d)\s?[日号號일]?"
        r"(?P<to>\s?[-~]\s?(?:\d{1,2}\s?[月월]\s?)?\d{1,2}\s?[日号號일])?"
    ),
)
"""``2025-07-20``, ``20250720``, and Chinese, Japanese and Korean dates with or without a year."""


def _find_year_first(text: str) -> Iterator[FoundDate]:
    for pattern in _NUMBERS:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            year = int(parts["y"]) if parts["y"] else None
            if parts.get("short"):
                year = 2000 + int(parts["short"])
            elif parts.get("era"):
                year = _ERAS[parts["era"]] + int(parts["n"].replace("元", "1"))
            order = "" if "to" in parts else "year"
            readings = keep_valid([(order, year, int(parts["m"]), int(parts["d"]))])
            yield FoundDate(*found.span(), readings, bool(parts.get("to")))


_WEEKS = (  # 2025-W29, KW 29/2025
    re.compile(rf"(?<!\w)(?P<y>{_YEAR})\W?w(?P<w>[0-5]\d)(?!\w)"),
    re.compile(rf"(?<!\w)kw\s?(?P<w>[0-5]?\d)\W{{1,3}}(?P<y>{_YEAR})(?!\d)"),
)


def _find_weeks(text: str) -> Iterator[FoundDate]:
    for found in (found for pattern in _WEEKS for found in pattern.finditer(text)):
        try:
            monday = date.fromisocalendar(int(found["y"]), int(found["w"]), 1)
        except ValueError:
            continue
        reading = ("", monday.year, monday.month, monday.day)
        yield FoundDate(*found.span(), (reading,), span=True)


@cache
def _make_word_patterns() -> tuple[re.Pattern[str], ...]:
    name = rf"(?<!\w)(?P<name>{join_names(number_months())})(?!\w)\.?"
    leading = rf"(?<!\w)(?P<name>{join_names(list_leading_months())})(?!\w)\.?"
    late = rf"(?P<y>{_YEAR})(?!\d)|'(?P<short>\d\d)(?!\d)"
    year = rf"(?:\s?(?:,|\.|-|/|de|del|of)?\s?(?:{late}))?"
    joined = r"(?:(?<=[-/])(?P<joined>\d\d)(?!\d))"
    to = rf"(?P<to>{_TO}\d{{1,2}}{_NTH}(?![\d:]))"
    return (
        re.compile(
            rf"(?<![\d.,/])(?P<d>\d{{1,2}})(?!\d){_NTH}{to}?(?:\s?(?:of|de|del|di|d')\s?|[-/]|\s)?"
            rf"{name}(?:[-/]{joined}|{year}(?:\s(?:г|р|r|год|года|року|roku)(?!\w)\.?)?)"
        ),
        re.compile(
            rf"{leading}\s?[-/.]?\s?(?P<d>\d{{1,2}})(?!\d|:\d|\.\d){_NTH}(?!\w)"
            rf"(?:{to}(?!\w|\s?(?:{join_names(number_months())})(?!\w)))?{year}"
        ),
        re.compile(
            rf"(?<!\d)(?P<y>{_YEAR})[.,]?\s?[-/]?\s?{name}\s?[-/]?\s?(?P<d>\d{{1,2}})(?!\d)"
            rf"{_NTH}(?P<to>$^)?(?P<short>$^)?"
        ),
    )


def _find_words(text: str) -> Iterator[FoundDate]:
    if not re.search(r"[^\W\d_]", text):
        return
    for pattern in _make_word_patterns():
        for found in pattern.finditer(text):
            parts = found.groupdict()
            year = int(parts["y"]) if parts["y"] else None
            if two := parts["short"] or parts.get("joined"):
                year = 2000 + int(two)
            month = number_months()[parts["name"]]
            readings = keep_valid([("", year, month, int(parts["d"]))])
            yield FoundDate(*found.span(), readings, bool(parts["to"]))


_YEAR_LAST = re.compile(
    r"(?<![\d./])(?:(?P<from>\d{1,2})\.?\s?-\s?(?=\d{1,2}\s?[./]))?(?P<a>\d{1,2})\s?(?P<sep>[-/.])"
    rf"\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?(?P<y>{_YEAR})(?!\d)(?:\s?(?:г|р|r)(?!\w)\.?)?"
)
_SHORT = re.compile(
    r"(?<![\d./-])(?:(?P<a>\d\d)(?P<sep>[-./])(?P<b>\d\d)(?P=sep)'?(?P<c>\d\d)"
    r"|(?P<e>\d{1,2})(?P<mark>[/.])(?P<f>\d{1,2})(?P=mark)'?(?P<g>\d\d))(?!\d|[./-]\d)\.?"
)
_PAIR = re.compile(r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?!\d|[./-]\d)\.?")
"""``20.07.2025``, ``20/07/25`` and ``20/07``, each with its two numbers in either order."""


def _find_year_last(text: str) -> Iterator[FoundDate]:
    for found in _YEAR_LAST.finditer(text):
        a, b, year = int(found["a"]), int(found["b"]), int(found["y"])
        if found["from"]:  # 21.-27.07.2025
            readings = keep_valid([("day", year, b, int(found["from"]))])
            yield FoundDate(*found.span(), readings, span=True)
        elif found["sep"] != "-" or not text[: found.start()].endswith("-"):
            yield FoundDate(*found.span(), read_pair(a, b, found["sep"], year))


def _find_short(text: str) -> Iterator[FoundDate]:
    for found in _SHORT.finditer(text):
        a, b, c = (int(found[one] or found[other]) for one, other in ("ae", "bf", "cg"))
        mark = found["sep"] or found["mark"]
        readings = [*read_pair(a, b, mark, 2000 + c, same=True)]
        if found["sep"] and is_valid(b, c):
            readings.append(("year", 2000 + a, b, c))
        yield FoundDate(*found.span(), tuple(readings), short=True, weak=found["mark"] == ".")


def _find_pairs(text: str) -> Iterator[FoundDate]:
    for found in _PAIR.finditer(text):
        mark = "." if found[0].endswith(".") else found["sep"].replace(".", "/")
        readings = read_pair(int(found["a"]), int(found["b"]), mark, None)
        yield FoundDate(*found.span(), readings, weak=True, dashed=found["sep"] == "-")


def _find_six_digits(text: str) -> Iterator[FoundDate]:
    for found in re.finditer(r"(?<![\da-z.])(\d\d)(\d\d)(\d\d)(?![\da-z])", text):
        a, b, c = map(int, found.groups())
        readings = [("day", 2000 + c, b, a), ("year", 2000 + a, b, c)]
        real = tuple(one for one in readings if is_valid(one[2], one[3]))
        yield FoundDate(*found.span(), real, short=True, weak=True)


_FORMS = (
    *(_find_year_first, _find_weeks, _find_words, _find_year_last),
    *(_find_short, _find_pairs, _find_six_digits),
)
