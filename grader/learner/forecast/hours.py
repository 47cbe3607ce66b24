"""Hours of study: logged by the learner, or measured between attempts, reviews and readings.

Each day has two counts: the minutes that lines of the log end in, and the time between attempts,
reviewed cards and readings that are at most 45 minutes apart. Both may cover the same time, so the
larger one counts and not their sum. A single attempt counts for nothing, and so does the time
before the first one: the hours are a lower bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from grader.grading.outcome import Attempt, Standing
from grader.learner.model import StudySpan

PAUSE = timedelta(minutes=45)
"""Attempts further apart than this do not belong together; the time between them is a break."""


def count_minutes_between(
    attempts: Iterable[Attempt], spans: Iterable[StudySpan] = ()
) -> dict[date, float]:
    """Return the minutes of study by day: within spans, and between them and attempts.

    The time between two of them counts for the day of the later one, and time in which two of
    them overlap counts once.
    """
    minutes: dict[date, float] = {}
    points = [(at, at, day) for at, day in filter(None, map(parse_moment, attempts))]
    known = sorted([*points, *filter(None, map(_parse_span, spans))])
    reached = None
    for began, ended, day in known:
        # What was reached is where study went on up to; a long break begins anew.
        start = began if reached is None or began - reached > PAUSE else reached
        reached = ended if reached is None else max(reached, ended)
        if reached > start:
            minutes[day] = minutes.get(day, 0.0) + (reached - start).total_seconds() / 60
    return minutes


def count_study_minutes(
    attempts: Iterable[Attempt], logged: Mapping[date, int], spans: Iterable[StudySpan] = ()
) -> dict[date, float]:
    """Return the minutes of each day that has any: the larger of the logged and the measured."""
    measured = count_minutes_between(attempts, spans)
    both = {day: max(measured.get(day, 0.0), logged.get(day, 0)) for day in {*measured, *logged}}
    return {day: both[day] for day in sorted(both) if both[day]}


def parse_moment(attempt: Attempt) -> tuple[datetime, date] | None:
    """Return when an attempt was made and the day that it counts for; None when unreadable."""
    return _parse_with_day(attempt.day, attempt.at)


def _parse_span(span: StudySpan) -> tuple[datetime, datetime, date] | None:
    """Return when a span began and ended, and its day; None when unreadable."""
    began, ended = (_parse_with_day(span.day, at) for at in (span.began, span.ended))
    if began is None or ended is None or ended < began:
        return None
    return began[0], *ended


def _parse_with_day(day: str, at: str) -> tuple[datetime, date] | None:
    """Return a moment and its day; None when unreadable, as in records edited by hand.

    A time without a zone is no moment: it could not be compared with the others.
    """
    try:
        moment = datetime.fromisoformat(at)
        return (moment, date.fromisoformat(day)) if moment.tzinfo else None
    except ValueError:
        return None


def parse_passed_day(standing: Standing) -> date | None:
    """Return the day of the first pass; None when there was none."""
    try:
        return date.fromisoformat(standing.passed_day or "")
    except ValueError:
        return None


def is_passed(standing: Standing | None) -> bool:
    """Return True if there was a pass, stale or not."""
    return standing is not None and standing.passed_at is not None
