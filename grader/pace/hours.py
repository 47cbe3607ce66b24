"""What an hour of study is: logged by the learner, or seen between attempts.

On each day two counts are taken: the minutes that lines of the log end in, and the time between
attempts that lie at most 45 minutes apart. Both may have seen the same time, so the larger one
counts, not their sum. A lone attempt counts for nothing, nor does what came before the first one:
the hours are what was seen, and more may have been worked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from grader.outcome import Attempt, Standing

Off = Callable[[date], bool]
"""Whether a day is one off."""
PAUSE = timedelta(minutes=45)
"""Attempts further apart than this belong to different sittings."""


def between(attempts: Iterable[Attempt]) -> dict[date, float]:
    """By day the minutes between attempts of one sitting, on the day of the later one."""
    found: dict[date, float] = {}
    moments = sorted(moment for a in attempts if (moment := moment_of(a)) is not None)
    for (before, _), (at, day) in pairwise(moments):
        if at - before <= PAUSE:
            found[day] = found.get(day, 0.0) + (at - before).total_seconds() / 60
    return found


def studied(attempts: Iterable[Attempt], logged: Mapping[date, int]) -> dict[date, float]:
    """The minutes of each day that has any: the larger of what was logged and what was seen."""
    seen = between(attempts)
    both = {day: max(seen.get(day, 0.0), logged.get(day, 0)) for day in {*seen, *logged}}
    return {day: both[day] for day in sorted(both) if both[day]}


def moment_of(attempt: Attempt) -> tuple[datetime, date] | None:
    """When an attempt was made, and the day that it counts for."""
    try:
        return datetime.fromisoformat(attempt.at), date.fromisoformat(attempt.day)
    except ValueError:  # records edited by hand
        return None


def passed_day(standing: Standing) -> date | None:
    """The day of the first pass."""
    try:
        return date.fromisoformat(standing.passed_day or "")
    except ValueError:
        return None


def is_passed(standing: Standing | None) -> bool:
    """Whether there was a pass, stale or not."""
    return standing is not None and standing.passed_at is not None
