"""The files of the months: ``2026-11.json``, once that is full ``2026-11.2.json``, and so on.

What a record costs follows from the size of the file that it is written to, so no file is let
grow for ever, however busy a month is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.records.keep import Keep

FULL = 320_000
"""Bytes from which on a file takes no more attempts: some 400.

Each attempt writes its file anew, and looks at the size of every file: fewer or larger files would
make one or the other dearer.
"""

_NAME = re.compile(r"(\d{4}-\d{2})(?:\.([1-9]\d*))?")


@dataclass(frozen=True, slots=True)
class Months:
    """The months' files in one folder, as one look at it has found them."""

    folder: Path
    parts: dict[str, dict[int, int]]
    """Of each month, in order, the size of each file by its number."""

    @classmethod
    def seen(cls, folder: Path, keep: Keep) -> Months:
        """What lies there now; a name that is no month's is not ours."""
        found: dict[str, dict[int, int]] = {}
        for name, size in keep.sizes(folder).items():
            if match := _NAME.fullmatch(name):
                found.setdefault(match[1], {})[int(match[2] or 1)] = size
        return cls(folder, {month: found[month] for month in sorted(found)})

    def sizes(self) -> dict[str, int]:
        """The bytes of each month's files together."""
        return {month: sum(parts.values()) for month, parts in self.parts.items()}

    def files(self, month: str) -> list[Path]:
        """The month's files in order of time."""
        return [self._file(month, number) for number in sorted(self.parts[month])]

    def place(self, month: str) -> tuple[Path, Path | None]:
        """The file for the month's next attempt, and the full one before it if this is new."""
        parts = self.parts.get(month, {1: 0})
        last = max(parts)
        if parts[last] < FULL:
            return self._file(month, last), None
        return self._file(month, last + 1), self._file(month, last)

    def _file(self, month: str, number: int) -> Path:
        return self.folder / (f"{month}.json" if number == 1 else f"{month}.{number}.json")
