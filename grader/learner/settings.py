"""The learner's settings, ``progress/settings.toml``: when a day begins, days off, what is shown.

A missing file, or a missing line, means the default. What cannot be read is reported with its line.
No attempt and no line of the log waits until it is corrected: the default counts meanwhile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from grader.base.errors import WorkspaceError
from grader.base.files import read_file
from grader.base.urls import explain_refusal


@dataclass(frozen=True, slots=True)
class Settings:
    """What a learner may choose. The file's keys are the fields' names."""

    name: str = ""
    """Whose site it is, as the home page, the share card and the report say."""
    profile: str = ""
    """A page about the learner, such as ``https://github.com/ada``; the home page links it."""
    repository: str = ""
    """The page of the learner's repository; the home page links it."""
    address: str = ""
    """Where the site is published, such as ``https://me.github.io/llm``; for the share card."""
    upstream: str = ""
    """Where the course comes from, such as ``https://github.com/owner/groundwork``."""
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
        """Read the settings of a file; the defaults if there is none, an error if it has faults."""
        settings, faults = cls.read_leniently(path)
        if faults:
            raise WorkspaceError("\n".join(faults))
        return settings

    @classmethod
    def read_leniently(cls, path: Path) -> tuple[Settings, tuple[str, ...]]:
        """Read what can be read of a file, defaults for the rest, and each fault with its line."""
        try:
            text = read_file(path).decode("utf-8-sig")
        except FileNotFoundError:
            return cls(), _find_clock_faults()
        except OSError as error:
            return cls(), (f"{path}: cannot be read ({error.strerror or error}).",)
        except UnicodeDecodeError:
            return cls(), (f"{path}:1: not UTF-8; save the file as UTF-8.",)
        settings, faults = _parse(path, text)
        return settings, faults if settings.time_zone else (*faults, *_find_clock_faults())

    def default_address(self, address: str) -> Settings:
        """Return the settings with this address, if they have none and it is the one of a page."""
        try:
            return self if self.address else replace(self, address=_check_url(address))
        except ValueError:
            return self

    def find_day(self, moment: datetime) -> date:
        """Return the learner's day in which an aware moment lies."""
        return (moment.astimezone(self.zone) - timedelta(hours=self.day_begins)).date()

    @property
    def zone(self) -> tzinfo | None:
        """The learner's time zone; None for the machine's, and UTC where that cannot be read."""
        if self.time_zone:
            return _load_zone(self.time_zone)
        return UTC if _find_clock_faults() else None

    def is_off(self, day: date) -> bool:
        """Return True if the day is one that does not break a streak."""
        return any(first <= day <= last for first, last in self.days_off)


def _find_clock_faults() -> tuple[str, ...]:
    """Return why the machine's time zone cannot be used, if it cannot."""
    try:
        datetime.now(UTC).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        zone = os.environ.get("TZ", "")
        return (f"TZ={zone}: the machine's time zone cannot be read ({error}).",)
    return ()


def _load_zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _parse(path: Path, text: str) -> tuple[Settings, tuple[str, ...]]:
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
            read[name] = _READERS[name][0](value)
        except (ValueError, TypeError, KeyError, OSError, OverflowError) as error:
            line_number = _find_line(text, name, getattr(error, "item", None))
            faults.append(f"{path}:{line_number}: {_explain(name, value, error)}.")
    return Settings(**read), tuple(faults)


def _explain(name: str, value: Any, error: Exception) -> str:
    if name in _READERS:
        shown = f"contains {error.item!r}" if isinstance(error, _WrongItem) else f"is {value!r}"
        return f"{name} {_CREDENTIALS.sub('//…@', shown):.80}; {_READERS[name][1]}"
    return f"{name}: unknown setting; the settings are {', '.join(sorted(_READERS))}"


def _find_line(text: str, name: str, item: str | None) -> int:
    """Return the line of a setting, or of the wrong item in its list."""
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


def _check_text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _check_url(value: Any) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"']+", _check_text(value)) and value:
        raise ValueError
    return str(value)


def _check_page(value: Any) -> str:
    if _check_text(value) and explain_refusal(value):
        raise ValueError
    return str(value)


def _check_zone(value: Any) -> str:
    if _check_text(value):
        _load_zone(value)
    return str(value)


def _check_hour(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 12:
        raise ValueError
    return value


def _check_hours(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 100:
        raise ValueError
    return float(value)


def _check_count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 1000:
        raise ValueError
    return value


def _check_switch(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _parse_spans(value: Any) -> tuple[tuple[date, date], ...]:
    """Read days, TOML's dates or text; ``"2026-12-24 to 2027-01-02"`` is a range of them."""
    if type(value) is not list:
        raise TypeError
    return tuple(_parse_item(item) for item in value)


def _parse_item(item: Any) -> tuple[date, date]:
    try:
        return _parse_span(item)
    except (ValueError, TypeError):
        raise _WrongItem(item) from None


def _parse_span(item: Any) -> tuple[date, date]:
    if type(item) is date:
        return item, item
    first, _, last = _check_text(item).partition(" to ")
    span = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    if span[1] < span[0]:
        raise ValueError
    return span


_CREDENTIALS = re.compile(r"//[^/\s]*@")
"""A user name and a password in an address, which may be in the output of a published build."""
_PAGE = "expected the address of a page in quotes, with https:// and without a user name"
_READERS: Mapping[str, tuple[Any, str]] = {
    "name": (_check_text, "expected a text in quotes"),
    "profile": (_check_page, _PAGE),
    "repository": (_check_page, _PAGE),
    "address": (_check_url, "expected the address of a page in quotes, with https://"),
    "upstream": (_check_text, "expected the address of the course's repository in quotes"),
    "time_zone": (_check_zone, 'expected a time zone such as "Europe/Berlin"'),
    "day_begins": (_check_hour, "expected a full hour from 0 to 12"),
    "days_off": (
        _parse_spans,
        'expected a list such as ["2026-11-22", "2026-12-24 to 2027-01-02"]',
    ),
    "hours_a_week": (_check_hours, "expected a number of hours above 0, at most 100"),
    "new_cards": (_check_count, "expected a whole number from 0 to 1000"),
    "show_code": (_check_switch, "expected true or false"),
}
