"""The names of an attempt and of its month: sortable, and no two machines choose the same."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from grader.errors import RecordsError
from grader.outcome import Attempt

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def month_of(attempt: Attempt) -> str:
    """The month of the attempt's local day, ``2026-11``; it names the file."""
    try:
        if not _DAY.fullmatch(attempt.day):
            raise ValueError("not a date like 2026-11-22")
        date.fromisoformat(attempt.day)
    except (TypeError, ValueError) as error:
        raise _refused(attempt, "day", attempt.day, error) from None
    return attempt.day[:7]


def new_key(attempt: Attempt, taken: Iterable[str]) -> str:
    """A key for the attempt: its second, its place in that second, and chance.

    Keys sort by time. Chance keeps two clones, merged by git, from naming one key each.
    """
    stamp = _stamp(attempt)
    places = [int(key.split("-")[1]) for key in taken if key.startswith(f"{stamp}-")]
    return f"{stamp}-{max(places, default=0) + 1:04d}-{os.urandom(4).hex()}"


def _stamp(attempt: Attempt) -> str:
    try:
        moment = datetime.fromisoformat(attempt.at)
        if moment.tzinfo is None:
            raise ValueError("without a time zone")
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (TypeError, ValueError) as error:
        raise _refused(attempt, "at", attempt.at, error) from None


def _refused(attempt: Attempt, name: str, value: object, why: Exception) -> RecordsError:
    return RecordsError(
        f"The attempt at {attempt.exercise} was not recorded: {name} is {value!r:.40} ({why}). "
        "This is a fault of Groundwork's; please report it."
    )
