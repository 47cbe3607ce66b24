"""Hours of study: logged by the learner, or measured between attempts.

Each day has two counts: the minutes that lines of the log end in, and the time between attempts
that are at most 45 minutes apart. Both may cover the same time, so the larger one counts and not
their sum. A single attempt counts for nothing, and so does the time before the first one: the
hours are a lower bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from grader.grading.outcome import Attempt, Standing

PAUSE = timedelta(minutes=45)
"""Attempts further apart than this do not belong together; the time between them is a break."""


def count_minutes_between(attempts: Iterable[Attempt]) -> dict[date, float]:
    """Return the minutes between attempts by day; they count for the day of the later attempt."""
    minutes: dict[date, float] = {}
    moments = sorted(moment for a in attempts if (moment := parse_moment(a)) is not None)
    for (before, _), (at, day) in pairwise(moments):
        if at - before <= PAUSE:
            minutes[day] = minutes.get(day, 0.0) + (at - before).total_seconds() / 60
    return minutes


def count_study_minutes(
    attempts: Iterable[Attempt], logged: Mapping[date, int]
) -> dict[date, float]:
    """Return the minutes of each day that has any: the larger of the logged and the measured."""
    measured = count_minutes_between(attempts)
    both = {day: max(measured.get(day, 0.0), logged.get(day, 0)) for day in {*measured, *logged}}
    return {day: both[day] for day in sorted(both) if both[day]}


def parse_moment(attempt: Attempt) -> tuple[datetime, date] | None:
    """Return when an attempt was made and the day that it counts for; None when unreadable."""
    try:
        return datetime.fromisoformat(attempt.at), date.fromisoformat(attempt.day)
    except ValueError:  # records edited by hand
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
