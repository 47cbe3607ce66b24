"""Dates as headings write them: ``Sunday, 20 July 2025``, ``2025年7月20日``, ``Day 3 (Jul 22)``."""

from __future__ import annotations

import re
from functools import cache

from grader.learner.importer.dates.calendar_names import (
    make_weekday_pattern,
    normalize,
    read_weekday,
    write_digits,
)
from grader.learner.importer.dates.counts import DayCount, read_count
from grader.learner.importer.dates.forms import scan_dates
from grader.learner.importer.dates.labels import is_about_other, is_release, strip_labels
from grader.learner.importer.dates.meanings import FoundDate, Reading, WrittenDate

_TO = re.compile(
    r"\s*[)\]]?\s*(?:-+>?|~|/|,|&|\+|→|\.\.+|to|until|till|thru|through|and|bis|und|à|a|au|et|al|e|y|hasta"
    r"|ate|do|i|tot|t/m|до|по|и|から|至|到|부터)\s*"
)
_MORE_DAYS = re.compile(
    r"\s*(?:-|~|/|\.\.|to|bis|至|到)\s*(?:\d{1,2}[./-])?\d{1,2}[.日]?(?=\s*(?:$|[:,;)\]|]))"
)
_AFTER = re.compile(r"\s*$|\s*[:,;|(\[\]•·.~/-].*$|\s*[^\w\s].*$|[(日號号].*$")
_MAY_BE = re.compile(r"\d|月")
_NUMBER = re.compile(r"\s*[-+]?(?:\d{0,5}|\d{7}|\d{9,}|\d*[.,]\d{3,}|\d{3,}[.,]\d*)%?\s*")
"""A number that is no date, to be quick with tables of them."""
_POINTS = re.compile(r"\d\d\.\d\d\.")
_BEFORE_END = re.compile(r"[-:,|(\[·•@/~]\s*[(\[]?\s*$")


def parse_date(words: str) -> WrittenDate | None:
    """Parse the date that a heading gives to what stands below it; None when it gives none.

    A date counts at the beginning, after ``Day 3``, and at the end, behind a mark or in brackets.
    ``May 5 ways to sleep`` has none, and ``Updated 2025-07-20`` says something else.
    """
    if not _MAY_BE.search(words) or _NUMBER.fullmatch(words):
        return None
    text = write_digits(normalize(words))
    count = read_count(text)
    if count is not None and count.kind == "other" and count.number > 1900:
        count = None
    found = scan_dates(text[count.end :]) if count else []
    if not found:  # "KW 29/2025" begins like a number and is a date
        count, found = None, scan_dates(text)
    return _Line(text[count.end if count else 0 :], found, count).build() if found else None


class _Line:
    """A line with dates, cut into what stands before and after the first."""

    def __init__(self, text: str, found: list[FoundDate], count: DayCount | None) -> None:
        self.text, self.first, self.count = text, found[0], count
        self.end, self.last = self._find_end(found)
        self.is_single = self.end >= found[-1].end
        before, after = text[: self.first.start], text[self.end :]
        self.before, early = _cut_weekday(before, at_end=True)
        self.after, late = _cut_weekday(after, at_end=False)
        self.weekdays = early or late

    def _find_end(self, found: list[FoundDate]) -> tuple[int, FoundDate]:
        """Return where the date ends, and the last date of a range."""
        end, last = found[0].end, found[0]
        for date_after in found[1:]:
            between = self.text[end : date_after.start]
            plain = re.sub(make_weekday_pattern(), "", between).strip(" .,") or "x"
            if not _TO.fullmatch(plain) and not _TO.fullmatch(between):
                break
            end, last = date_after.end, date_after
        if more := _MORE_DAYS.match(self.text, end):
            end = more.end()
        return end, last

    def build(self) -> WrittenDate | None:
        """Return the date, or None where the line is not a day's."""
        place = self._find_place()
        if place is None or (self.first.weak and not self._is_supported()):
            return None
        readings = self._complete(self.first.readings)
        _, year, month, day = readings[0]
        beside = strip_labels(self.before) + self.after
        weekly = bool(re.search(r"(?<!\w)week", self.before)) or bool(
            self.count and self.count.several
        )
        return WrittenDate(
            *(month, day, year),
            weekdays=self.weekdays,
            more=bool(self.count)
            or bool(re.search(r"\d", self.before) or re.search(r"\w", beside)),
            readings=readings if len(readings) > 1 or readings[0][0] else (),
            short=self.first.short,
            spans=self.last is not self.first or self.first.span or self._has_more() or weekly,
            weak=self._is_weak(year),
            leads=place == "start",
            count=self.count.number if self.count and self.count.kind == "day" else None,
            tail=self.after.strip(),
        )

    def _has_more(self) -> bool:
        return self.end > self.last.end

    def _is_weak(self, year: int | None) -> bool:
        unsure = self.first.weak and (year is None or self.first.short)
        return unsure and not self.count and not self.weekdays

    def _is_supported(self) -> bool:
        """Return True if two numbers stand alone, or beside a weekday or the number of the day."""
        if self.first.dashed:
            return bool(self.weekdays)
        words = re.search(r"\w", self.before + self.after)
        is_log = not re.search(r"\w", self.before) and self.after.lstrip()[:1] in (":", "-", "|")
        sure = self.count or self.weekdays or self.last.year is not None
        written = self.text[self.first.start : self.first.end]
        is_log = is_log or (not re.search(r"\w", self.before) and bool(_POINTS.fullmatch(written)))
        return bool(sure) or not words or (is_log and len(written) > 3)

    def _complete(self, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
        """Return the readings with the year that stands elsewhere in the line."""
        if readings[0][1] is not None:
            return readings
        last_year, last_month = self.last.readings[0][1:3]
        if last_year is None:
            years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", self.text))
            last_year = int(years.pop()) if len(years) == 1 else None
        if last_year is None:
            return readings
        return tuple((o, last_year - (m > last_month), m, d) for o, _, m, d in readings)

    def _find_place(self) -> str | None:
        """Return whether the date stands at the ``start`` or ``end``; None within a sentence."""
        has_year = self.first.readings[0][1] is not None or self.last.readings[0][1] is not None
        before = strip_labels(self.before)
        if not re.search(r"\w", before):
            free = (has_year and not self.first.weak) or bool(_AFTER.fullmatch(self.after))
            free = free or bool(_POINTS.fullmatch(self.text[self.first.start : self.end]))
            return "start" if free and not is_release(self.after) else None
        if is_about_other(before) or not self.is_single:
            return None
        if self.count and has_year and not self.first.weak:
            return "end"
        behind_mark = bool(_BEFORE_END.search(self.before))
        if re.search(r"\w", self.after):
            closed = re.match(r"\s*[)\]|:·•-]", self.after)
            return "end" if has_year and behind_mark and closed else None
        digits_alone = self.text[self.first.start : self.end].isdigit()
        short_title = has_year and not digits_alone and len(before.split()) <= 3
        return "end" if behind_mark or short_title else None


def _cut_weekday(part: str, *, at_end: bool) -> tuple[str, frozenset[int]]:
    """Return the part without the weekday beside the date, and the weekday."""
    pattern = _make_weekday_patterns()[0 if at_end else 1]
    found = pattern.search(part) if at_end else pattern.match(part)
    if found is None:
        return part, frozenset()
    left = part[: found.start()] + part[found.end() :]
    return left, read_weekday(found["weekday"])


@cache
def _make_weekday_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    weekday = rf"(?P<weekday>{make_weekday_pattern()})\.?"
    return (
        re.compile(rf"[(\[]?{weekday}[)\]]?\s*[,:(-]*\s*(?:(?:the|den|der|le|el|il)\s)?$"),
        re.compile(rf"[\s,/-]*[(\[]?{weekday}[)\]]?"),
    )
