"""The files of the months: ``2026-11.json``, once that is full ``2026-11.2.json``, and so on.

A month's name and the keys of its attempts sort by time, and no two
machines choose the same key.

What a record costs follows from the size of the file that it is written to, so no file
grows for ever, however busy a month is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from grader.base.errors import RecordsError
from grader.grading.outcome import Attempt
from grader.learner.records.files import RecordFiles

FULL = 320_000
"""Bytes from which on a file takes no more attempts: some 400.

Each attempt writes its file anew, and looks at the size of every file: fewer or larger files would
make one or the other slower.
"""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME = re.compile(r"(\d{4}-\d{2})(?:\.([1-9]\d*))?")


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """The months' files in one folder, as one look at it has found them."""

    folder: Path
    parts: dict[str, dict[int, int]]
    """Of each month, in order, the size of each file by its number."""

    @classmethod
    def scan(cls, folder: Path, files: RecordFiles) -> MonthFiles:
        """Look at what lies there now; a name that is no month's is left out."""
        found: dict[str, dict[int, int]] = {}
        for name, size in files.read_sizes(folder).items():
            if match := _NAME.fullmatch(name):
                found.setdefault(match[1], {})[int(match[2] or 1)] = size
        return cls(folder, {month: found[month] for month in sorted(found)})

    def sum_sizes(self) -> dict[str, int]:
        """Return the bytes of each month's files together."""
        return {month: sum(parts.values()) for month, parts in self.parts.items()}

    def list_files(self, month: str) -> list[Path]:
        """List the month's files in order of time."""
        return [self._name_file(month, number) for number in sorted(self.parts[month])]

    def choose_file(self, month: str) -> tuple[Path, Path | None]:
        """Return the next attempt's file, and the full one before it if this one is new."""
        parts = self.parts.get(month, {1: 0})
        last = max(parts)
        if parts[last] < FULL:
            return self._name_file(month, last), None
        return self._name_file(month, last + 1), self._name_file(month, last)

    def _name_file(self, month: str, number: int) -> Path:
        return self.folder / (f"{month}.json" if number == 1 else f"{month}.{number}.json")


def find_month(attempt: Attempt) -> str:
    """Return the month of the attempt's local day, ``2026-11``; it names the file."""
    try:
        if not _DAY.fullmatch(attempt.day):
            raise ValueError("not a date like 2026-11-22")
        date.fromisoformat(attempt.day)
    except (TypeError, ValueError) as error:
        raise _refuse(attempt, "day", attempt.day, error) from None
    return attempt.day[:7]


def make_key(attempt: Attempt, taken: Iterable[str]) -> str:
    """Return a key for the attempt: its second, its place in that second, and a random part.

    Keys sort by time. The random part keeps two clones, merged by git, from choosing one key.
    """
    stamp = _format_stamp(attempt)
    places = [int(key.split("-")[1]) for key in taken if key.startswith(f"{stamp}-")]
    return f"{stamp}-{max(places, default=0) + 1:04d}-{os.urandom(4).hex()}"


def _format_stamp(attempt: Attempt) -> str:
    try:
        moment = datetime.fromisoformat(attempt.at)
        if moment.tzinfo is None:
            raise ValueError("without a time zone")
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (TypeError, ValueError) as error:
        raise _refuse(attempt, "at", attempt.at, error) from None


def _refuse(attempt: Attempt, name: str, value: object, why: Exception) -> RecordsError:
    return RecordsError(
        f"The attempt at {attempt.exercise} was not recorded: {name} is {value!r:.40} ({why}). "
        "This is a bug in Groundwork; please report it."
    )
