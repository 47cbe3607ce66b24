"""The days of study, and how many of them follow one another: pure rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

IsDayOff = Callable[[date], bool]
"""Whether a day is one off."""


class StudyDays(NamedTuple):
    """The days of study: those with an attempt, an entry in the log, a review or a reading."""

    streak: int
    """Days in a row up to today; a today without study does not yet break it."""
    longest: int
    recent: int
    """Days of the last 30, today among them."""
    today: bool


class WeekHours(NamedTuple):
    """The hours of study in a week that is under way, and how many are meant."""

    hours: float
    target: float


def count_study_days(
    days: Iterable[date], today: date, is_off: IsDayOff = lambda day: False
) -> StudyDays:
    """Count the days of the streak, of the longest one, and those studied of the last 30.

    A day off without study neither breaks a streak nor lengthens it; with study it is a day
    like any other.
    """
    done = {day for day in days if day <= today}
    runs = _measure_runs(done, is_off)
    last = max(done, default=None)
    alive = last is not None and _is_bridged(last, today, is_off)
    return StudyDays(
        streak=runs[-1] if alive else 0,
        longest=max(runs, default=0),
        recent=sum(today - day < timedelta(days=30) for day in done),
        today=today in done,
    )


def _measure_runs(days: set[date], is_off: IsDayOff) -> list[int]:
    """Return the lengths of the unbroken runs of days, in order."""
    runs: list[int] = []
    before = None
    for day in sorted(days):
        if before is not None and _is_bridged(before, day, is_off):
            runs[-1] += 1
        else:
            runs.append(1)
        before = day
    return runs


def _is_bridged(before: date, day: date, is_off: IsDayOff) -> bool:
    """Return True if no day between the two had to be a day of study."""
    between = before + timedelta(days=1)
    while between < day and is_off(between):
        between += timedelta(days=1)
    return between >= day
