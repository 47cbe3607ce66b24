"""Sections whose day stands elsewhere: on a line below their heading, or above it as a week."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta

from grader.learner.importer.dates.calendar_names import normalize, read_weekday
from grader.learner.importer.text.document import BOLD, Document
from grader.learner.importer.text.pieces import Heading

Dated = dict[int, tuple[date, bool]]
"""The day of each line that says one, and True if it says more."""

_LABEL = re.compile(r"\W*[^\W\d_]+\s*:")
_END = 1_000_000_000


def date_sections(document: Document, dated: Dated) -> None:
    """Give the day of a date line directly below a heading to the heading.

    ``**Date:** 20 July`` below ``## Softmax`` is about the whole section, if no other line of the
    section says a day. The same goes for a heading ``## Date: 20 July`` with nothing below it.
    """
    for n, part in enumerate(document.parts[1:], 1):
        above = document.parts[n - 1]
        if not isinstance(part, Heading) or part.line not in dated:
            continue
        if not isinstance(above, Heading) or above.level >= min(part.level, BOLD):
            continue
        is_label = bool(_LABEL.match(part.words))
        if above.line in dated or (part.level < BOLD and not (is_label and _is_empty(document, n))):
            continue
        last = _find_end(document, above)
        lines = {o.line for o in document.headings if o.level == part.level} & dated.keys()
        inside = [line for line in lines if above.line < line < last]
        only = len(dated) == 1 or is_label
        if inside == [part.line] and (above.level > 1 or only):
            dated[above.line] = dated.pop(part.line)[0], True


def _is_empty(document: Document, number: int) -> bool:
    part, after = document.parts[number], document.parts[number + 1 : number + 2]
    return not after or (
        isinstance(part, Heading) and isinstance(after[0], Heading) and after[0].level <= part.level
    )


def _find_end(document: Document, heading: Heading) -> int:
    """Return the line of the heading that ends a section."""
    ends = (o.line for o in document.headings if o.line > heading.line and o.level <= heading.level)
    return next(ends, _END)


def date_weekdays(document: Document, dated: Dated, weeks: Collection[int]) -> None:
    """Add the days of headings that are only a weekday, below a heading that names their week."""
    for part, path in zip(document.parts, document.paths, strict=True):
        if not isinstance(part, Heading) or part.line in dated or part.level > BOLD:
            continue
        week = next((other.line for other in reversed(path) if other.line in weeks), None)
        weekdays = read_weekday(normalize(part.words).strip(" :-"))
        if week is None or week not in dated or len(weekdays) != 1:
            continue
        first = dated[week][0]
        (weekday,) = weekdays
        dated[part.line] = first + timedelta(days=(weekday - first.weekday()) % 7), False
