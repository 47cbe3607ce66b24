"""Days that are only a number, below the heading of their month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.learner.importer.dates.calendar_names import (
    join_names,
    make_weekday_pattern,
    normalize,
    number_months,
)
from grader.learner.importer.dates.meanings import WrittenDate, is_valid
from grader.learner.importer.dates.years import find_year
from grader.learner.importer.days.context import DayContext


def parse_number(words: str, above: Sequence[str], context: DayContext) -> WrittenDate | None:
    """Parse a heading that is only the number of a day, below its month: ``20`` or ``Mon 21st``."""
    return _build_day(r"\W*(\d{1,2})(?:st|nd|rd|th|\.|日|号|일)?\W*", words, above, context)


def parse_numbered_item(
    words: str, above: Sequence[str], context: DayContext
) -> WrittenDate | None:
    """Parse an item that begins with the number of its day, below its month: ``20: read``."""
    return _build_day(r"\W*(\d{1,2})(?:st|nd|rd|th|日|号|일)?\W*[:-].*", words, above, context)


def _build_day(
    pattern: str, words: str, above: Sequence[str], context: DayContext
) -> WrittenDate | None:
    text = normalize(words)
    plain = re.sub(make_weekday_pattern(), " ", text)
    found = re.fullmatch(pattern, plain)
    pair = re.match(r"\W*(\d\d)[-./](\d\d)(?![\d./-])", plain)
    if found is None and pair is None:
        return None
    month, year = _find_month(above, context)
    if pair and month == int(pair[1]) and is_valid(month, int(pair[2])):
        more = bool(re.search(r"\w", plain[pair.end() :]))
        return WrittenDate(month, int(pair[2]), year, more=more)
    if month is None or found is None or not is_valid(month, int(found[1])):
        return None
    return WrittenDate(month, int(found[1]), year, more=":" in text or "-" in text)


def _find_month(above: Sequence[str], context: DayContext) -> tuple[int | None, int | None]:
    """Return the month that the nearest heading names, and its year."""
    months = join_names(number_months())
    for n in range(len(above) - 1, -1, -1):
        text = normalize(above[n])
        named = re.fullmatch(
            rf"\W*(?P<name>{months})\W*(?:(?:de|of)\s)?(?P<year>(?:19|20)\d\d)?\W*", text
        )
        if named:
            year = int(named["year"]) if named["year"] else find_year(above[:n])
            return number_months()[named["name"]], year
        if found := re.fullmatch(r"\W*((?:19|20)\d\d)\s?[-/.年년]\s?(\d{1,2})\s?[月월]?\W*", text):
            return int(found[2]), int(found[1])
        digits = re.fullmatch(r"\W*(0?[1-9]|1[0-2])\s?[月월]?\W*", text)
        if digits and (year := find_year(above[:n])):
            return int(digits[1]), year
    return context.month, context.year if context.month else None
