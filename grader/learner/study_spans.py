"""Stretches of reviewing and reading, and how a moment of study lengthens one: pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

from grader.learner.forecast.hours import PAUSE
from grader.learner.model import StudySpan

Kind = Literal["cards", "repeats", "readings"]


def add_moment(
    known: Mapping[str, StudySpan],
    kind: Kind,
    day: date,
    at: datetime,
    since: datetime | None = None,
) -> dict[str, StudySpan]:
    """Return the span, by its name, that something done at that moment lengthens or begins.

    ``since`` is when it was begun, as a card is when its question was shown; a moment so long
    ago that there was a break says nothing.
    """
    start = since if since is not None and at - PAUSE <= since <= at else at
    name, span = _find_last(known, day, start, at) or _begin(day, start)
    ended = max(span.ended, _format(at))
    grown = replace(span, ended=ended, **{kind: getattr(span, kind) + 1})
    return {name: grown}


def list_days(spans: Iterable[StudySpan]) -> set[date]:
    """Return the days that have a span; a day that cannot be read is none."""
    days = set()
    for span in spans:
        with suppress(ValueError):  # records edited by hand
            days.add(date.fromisoformat(span.day))
    return days


def _find_last(
    known: Mapping[str, StudySpan], day: date, start: datetime, at: datetime
) -> tuple[str, StudySpan] | None:
    """Return the span of that day that went on up to this moment, without a long break."""
    since, now = _format(start - PAUSE), _format(at)
    going_on = [
        (span.ended, name, span)
        for name, span in known.items()
        if span.day == day.isoformat() and since <= span.ended and span.began <= now
    ]
    return max(going_on, key=lambda one: one[:2])[1:] if going_on else None


def _begin(day: date, start: datetime) -> tuple[str, StudySpan]:
    began = _format(start)
    return began, StudySpan(day.isoformat(), began, began)


def _format(moment: datetime) -> str:
    """Return a moment in UTC, to the second: such texts have the order of the moments."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
