"""The reading list in use: find an entry, say where the learner is with it, add one of their own.

What is kept is changed in one step under the records' lock, so two shells lose nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from grader import clock, progress, readinglist
from grader.address import refusal
from grader.course import KINDS
from grader.errors import UsageError
from grader.journal import Journal
from grader.learner import Reading, ReadingState
from grader.logline import line
from grader.practice.desk import Desk
from grader.readinglist import Item
from grader.records.shelf import Shelf

LONGEST_TITLE = 300
_NAMED = 5
"""As many entries are named when more than one is meant."""


class About(NamedTuple):
    """What is known of an own entry beside its address and title."""

    kind: str = ""
    """Guessed from the address where it is empty."""
    authors: str = ""
    year: int | None = None
    objectives: tuple[str, ...] = ()


NOTHING = About()


class Added(NamedTuple):
    """An entry, and whether it was put into the list just now or was there before."""

    item: Item
    new: bool


def reading_list(desk: Desk) -> tuple[Item, ...]:
    """The course's entries and the learner's own, with their states."""
    return readinglist.joined(desk.course, shelf(desk).all())


def shelf(desk: Desk) -> Shelf[Reading]:
    """Where the states and the learner's own entries are kept; it warns where the records do."""
    from grader.records import shelves

    kept = shelves.readings(desk.workspace.progress)
    kept.warnings = desk.records.warnings
    return kept


def find(desk: Desk, name: str) -> Item:
    """The one entry that an id, a part of the title or an address stands for.

    ``UsageError`` names what may have been meant instead.
    """
    items = reading_list(desk)
    if (here := readinglist.at(items, name)) is not None:
        return here
    found = readinglist.matching(items, name)
    if len(found) == 1:
        return found[0]
    shown = repr(name if len(name) <= 100 else f"{name[:100]}…")
    if found:
        told = "; ".join(f"{item.id} ({item.resource.title})" for item in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise UsageError(f"{shown} stands for {len(found)} readings: {told}{more}. Name one.")
    raise UsageError(f"no reading is called {shown}; {_meant(items, name)}")


def mark(desk: Desk, name: str, state: ReadingState) -> Item:
    """Put an entry into a state; one that is in it already keeps its day."""
    item = find(desk, name)
    if item.state == state:
        return item
    today, now = desk.today().isoformat(), clock.utc_now()

    def due(rows: dict[str, Reading]) -> dict[str, Reading]:
        before = rows.get(item.id)
        if before is None:
            return {item.id: Reading(state, today, now)}
        return {item.id: replace(before, state=state, day=today, changed_at=now)}

    shelf(desk).change(due)
    return item._replace(state=state, day=today, changed_at=now)


def logged(
    desk: Desk, on: date, name: str, words: str, *, minutes: int | None = None, done: bool = False
) -> tuple[Path, Item]:
    """Add a line about an entry to the day's log; the entry is then being read, or done.

    What was done before stays so. Gives the day's file and the entry.
    """
    item = find(desk, name)
    title, url = item.resource.title, item.resource.url
    text = line(words, minutes=minutes, verb="Read", url=url, title=title)
    path = Journal(desk.workspace.log).add(on, text)
    if item.state == "done":
        return path, item
    return path, mark(desk, item.id, "done" if done else "reading")


def add(desk: Desk, url: str, title: str, about: About = NOTHING) -> Added:
    """Put an entry of the learner's own into the inbox, unless the list leads there already."""
    url = url.strip()
    check_address(url)
    fresh = Reading(
        *("inbox", desk.today().isoformat(), clock.utc_now(), _line(title, "the title"), url),
        kind=_kind(about.kind) if about.kind else readinglist.kind_of(url),
        authors=_line(about.authors, "the authors") if about.authors else "",
        year=_year(about.year),
        objectives=tuple(_objective(desk, name) for name in dict.fromkeys(about.objectives)),
    )
    added: list[Item] = []

    def due(rows: dict[str, Reading]) -> dict[str, Reading]:
        there = readinglist.at(readinglist.joined(desk.course, rows), url)
        if there is not None:
            added.append(there)
            return {}
        return {_free(readinglist.named(fresh.title, url), rows): fresh}

    if not (put := shelf(desk).change(due)):
        return Added(added[0], new=False)
    return Added(readinglist.joined(desk.course, put)[-1], new=True)


def check_address(url: str) -> None:
    """``UsageError`` where an address is not taken."""
    if why := refusal(url):
        raise UsageError(f"this address is not taken: {why}")


def _free(name: str, rows: dict[str, Reading]) -> str:
    """The name, or with a number where another entry happens to have it."""
    number, free = 2, name
    while free in rows:
        free, number = f"{name}-{number}", number + 1
    return free


def _meant(items: Sequence[Item], name: str) -> str:
    words = {text: item.id for item in items for text in (item.resource.title, item.id)}
    close = dict.fromkeys(words[text] for text in progress.near(name[:LONGEST_TITLE], words))
    if close:
        return f"did you mean {' or '.join(close)}?"
    return "grade read --all shows all of them"


def _line(text: str, what: str) -> str:
    """The text on one line; ``UsageError`` where it is none to show."""
    line = " ".join(text.split())
    if not line:
        raise UsageError(f'{what} is empty; write it after the address: grade read URL "title"')
    if len(line) > LONGEST_TITLE:
        raise UsageError(f"{what} has {len(line)} characters; {LONGEST_TITLE} are the most")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\u200d" for char in line):
        raise UsageError(f"{what} holds a control character; leave it out")
    return line


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise UsageError(f"no kind of reading is called {kind!r}; there are {', '.join(KINDS)}")
    return kind


def _year(year: int | None) -> int | None:
    if year is not None and not 1600 <= year <= 2100:
        raise UsageError(f"{year} is no year of publication; write one from 1600 to 2100")
    return year


def _objective(desk: Desk, name: str) -> str:
    known = [objective.id for objective in desk.course.objectives]
    if name not in known:
        raise UsageError(f"no objective is called {name!r}; there are {', '.join(known)}")
    return name
