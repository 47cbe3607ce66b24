"""The learner's settings, ``progress/settings.toml``: when a day begins, days off, what is shown.

A missing file, or a missing line, means the default. What cannot be read is told with its line.
No attempt and no line of the log waits until it is mended: the default counts meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from grader.errors import WorkspaceError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a learner may choose. The file's keys are the fields' names."""

    name: str = ""
    """Whose site it is, as the share card and the report say."""
    address: str = ""
    """Where the site is published, such as ``https://me.github.io/llm``; for the share card."""
    time_zone: str = ""
    """Such as ``Europe/Berlin``; the machine's own by default."""
    day_begins: int = 4
    """The hour, 0 to 12, at which a learner's day begins."""
    days_off: tuple[tuple[date, date], ...] = ()
    """First and last day of each time that does not break a streak."""
    hours_a_week: float = 5.0
    """How much time is meant for studying, for the pace."""
    new_cards: int = 20
    """How many cards that were never asked before are asked in a day."""
    show_code: bool = False
    """Whether the learner's own code is shown on the pages of what they passed."""

    @classmethod
    def read(cls, path: Path) -> Settings:
        """The settings of a file; the defaults when there is none, an error when it has faults."""
        settings, faults = cls.lenient(path)
        if faults:
            raise WorkspaceError("\n".join(faults))
        return settings

    @classmethod
    def lenient(cls, path: Path) -> tuple[Settings, tuple[str, ...]]:
        """What can be read of a file, defaults for the rest, and each fault with its line."""
        try:
            text = path.read_text("utf-8-sig")
        except FileNotFoundError:
            return cls(), ()
        except OSError as error:
            return cls(), (f"{path}: cannot be read ({error.strerror or error}).",)
        except UnicodeDecodeError:
            return cls(), (f"{path}:1: not UTF-8; save the file as UTF-8.",)
        return _parsed(path, text)

    def day_of(self, moment: datetime) -> date:
        """The learner's day in which an aware moment lies."""
        return (moment.astimezone(self.zone) - timedelta(hours=self.day_begins)).date()

    @property
    def zone(self) -> tzinfo | None:
        """The learner's time zone; None for the machine's."""
        return _zone(self.time_zone) if self.time_zone else None

    def is_off(self, day: date) -> bool:
        """Whether the day is one that does not break a streak."""
        return any(first <= day <= last for first, last in self.days_off)


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _parsed(path: Path, text: str) -> tuple[Settings, tuple[str, ...]]:
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = line[1] if line else text.count("\n") + 1
        return Settings(), (f"{path}:{where}: not TOML: {error}. Correct it.",)
    read: dict[str, Any] = {}
    faults = []
    for name, value in found.items():
        try:
            read[name] = _TESTS[name][0](value)
        except (ValueError, TypeError, KeyError, OSError, OverflowError) as error:
            line_number = _line(text, name, getattr(error, "item", None))
            faults.append(f"{path}:{line_number}: {_says(name)}.")
    return Settings(**read), tuple(faults)


def _says(name: str) -> str:
    if name in _TESTS:
        return f"{name}: {_TESTS[name][1]}"
    return f"{name}: no such setting; there are {', '.join(sorted(_TESTS))}"


def _line(text: str, name: str, item: str | None) -> int:
    """The line of a setting, or of the wrong item in its list."""
    lines = text.splitlines()
    key = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}(?![\w-])""")
    first = next((n for n, row in enumerate(lines, 1) if key.match(row)), 1)
    if item is None:
        return first
    return next((n for n, row in enumerate(lines, 1) if n >= first and item in row), first)


class _WrongItem(ValueError):
    """One item of a list is wrong."""

    def __init__(self, item: Any) -> None:
        self.item = str(item)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _address(value: Any) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"']+", _text(value)) and value:
        raise ValueError
    return str(value)


def _known_zone(value: Any) -> str:
    if _text(value):
        _zone(value)
    return str(value)


def _hour(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 12:
        raise ValueError
    return value


def _hours(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 100:
        raise ValueError
    return float(value)


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 1000:
        raise ValueError
    return value


def _switch(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _spans(value: Any) -> tuple[tuple[date, date], ...]:
    """Days as TOML's dates or as text; ``"2026-12-24 to 2027-01-02"`` is a stretch of them."""
    if type(value) is not list:
        raise TypeError
    return tuple(_span_or_fault(item) for item in value)


def _span_or_fault(item: Any) -> tuple[date, date]:
    try:
        return _span(item)
    except (ValueError, TypeError):
        raise _WrongItem(item) from None


def _span(item: Any) -> tuple[date, date]:
    if type(item) is date:
        return item, item
    first, _, last = _text(item).partition(" to ")
    span = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    if span[1] < span[0]:
        raise ValueError
    return span


_TESTS: Mapping[str, tuple[Any, str]] = {
    "name": (_text, "a text in quotes is wanted"),
    "address": (_address, "the address of a page in quotes is wanted, with https://"),
    "time_zone": (_known_zone, 'a time zone such as "Europe/Berlin" is wanted'),
    "day_begins": (_hour, "a full hour from 0 to 12 is wanted"),
    "days_off": (_spans, 'a list such as ["2026-11-22", "2026-12-24 to 2027-01-02"] is wanted'),
    "hours_a_week": (_hours, "a number of hours above 0, at most 100, is wanted"),
    "new_cards": (_whole, "a whole number from 0 to 1000 is wanted"),
    "show_code": (_switch, "true or false is wanted"),
}
