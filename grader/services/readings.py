"""The reading list in use: find an entry, say where the learner is with it, add one of their own.

What is kept is changed in one step under the records' lock, so two shells lose nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from grader.base import clock
from grader.base.errors import UsageError
from grader.learner import progress
from grader.learner import reading_list as readinglist
from grader.learner.journal import Journal
from grader.learner.log_line import format_line
from grader.learner.model import Reading, ReadingState
from grader.learner.reading_list import Item
from grader.learner.records.table import RecordTable
from grader.services.own_reading import LONGEST_TITLE, NOTHING, About, make_reading
from grader.services.session import Session
from grader.services.study import record_study

_NAMED = 5
"""As many entries are named when more than one is meant."""


class Added(NamedTuple):
    """An entry, and whether it was put into the list just now or was there before."""

    item: Item
    new: bool


def list_readings(session: Session) -> tuple[Item, ...]:
    """Return the course's entries and the learner's own, with their states."""
    return readinglist.join_lists(session.course, open_table(session).read_all())


def open_table(session: Session) -> RecordTable[Reading]:
    """Return the table of the states and the learner's entries; its warnings are the records'."""
    from grader.learner.records import tables

    table = tables.open_readings(session.workspace.progress)
    table.warnings = session.records.warnings
    return table


def find_reading(session: Session, name: str) -> Item:
    """Return the one entry that an id, a part of the title or an address stands for.

    ``UsageError`` names what may have been meant instead.
    """
    items = list_readings(session)
    if (here := readinglist.find_by_url(items, name)) is not None:
        return here
    found = readinglist.find_by_name(items, name)
    if len(found) == 1:
        return found[0]
    shown = repr(name if len(name) <= 100 else f"{name[:100]}…")
    if found:
        named = "; ".join(f"{item.id} ({item.resource.title})" for item in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise UsageError(f"{shown} matches {len(found)} readings: {named}{more}. Name one.")
    raise UsageError(f"no reading is called {shown}; {_suggest(items, name)}")


def mark_reading(session: Session, name: str, state: ReadingState) -> Item:
    """Put an entry into a state; one that is in it already keeps its day."""
    item = find_reading(session, name)
    if item.state == state:
        return item
    today, now = session.get_today().isoformat(), clock.format_now()

    def update(rows: dict[str, Reading]) -> dict[str, Reading]:
        before = rows.get(item.id)
        if before is None:
            return {item.id: Reading(state, today, now)}
        return {item.id: replace(before, state=state, day=today, changed_at=now)}

    open_table(session).change(update)
    if state in ("reading", "done"):
        record_study(session, "readings")
    return item._replace(state=state, day=today, changed_at=now)


def log_reading(
    session: Session,
    on: date,
    name: str,
    words: str,
    *,
    minutes: int | None = None,
    done: bool = False,
) -> tuple[Path, Item]:
    """Add a line about an entry to the day's log; the entry is then being read, or done.

    What was done before stays so. Gives the day's file and the entry.
    """
    item = find_reading(session, name)
    title, url = item.resource.title, item.resource.url
    text = format_line(words, minutes=minutes, verb="Read", url=url, title=title)
    path = Journal(session.workspace.log).add(on, text)
    if item.state == "done":
        return path, item
    return path, mark_reading(session, item.id, "done" if done else "reading")


def add_reading(session: Session, url: str, title: str, about: About = NOTHING) -> Added:
    """Put an entry of the learner's own into the inbox, unless the list leads there already."""
    url = url.strip()
    fresh = make_reading(session, url, title, about)
    added: list[Item] = []

    def update(rows: dict[str, Reading]) -> dict[str, Reading]:
        there = readinglist.find_by_url(readinglist.join_lists(session.course, rows), url)
        if there is not None:
            added.append(there)
            return {}
        return {_find_free_id(readinglist.make_id(fresh.title, url), rows): fresh}

    if not (put := open_table(session).change(update)):
        return Added(added[0], new=False)
    return Added(readinglist.join_lists(session.course, put)[-1], new=True)


def _find_free_id(name: str, rows: dict[str, Reading]) -> str:
    """Return the name, with a number where another entry has it already."""
    number, free = 2, name
    while free in rows:
        free, number = f"{name}-{number}", number + 1
    return free


def _suggest(items: Sequence[Item], name: str) -> str:
    words = {text: item.id for item in items for text in (item.resource.title, item.id)}
    close = dict.fromkeys(
        words[text] for text in progress.find_similar(name[:LONGEST_TITLE], words)
    )
    if close:
        return f"did you mean {' or '.join(close)}?"
    return "grade read --all shows all of them"
