"""The reading list in the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.base.printable import sanitize
from grader.cli.console.json_output import SCHEMA, dump_json
from grader.cli.console.terminal import (
    format_entry,
    get_width,
    hang,
    paint,
    paint_words,
    say,
    say_all,
    wrap,
)
from grader.learner.reading_list import MARKED, OPEN, Item, ItemState, filter_by_state
from grader.learner.states import READINGS

_LEGEND: tuple[ItemState, ...] = ("next", "reading", "inbox", "done", "open")

Uses = Mapping[str, Sequence[str]]


def show_list(items: Sequence[Item], whole: bool) -> None:
    """Show the entries by state; those that the learner has put nowhere only when asked."""
    due = (*MARKED, OPEN) if whole else MARKED
    column = _measure_ids([item for item in items if item.state in due])
    for state in due:
        held = filter_by_state(items, state)
        if held:
            say(paint(state.capitalize(), "strong"))
            say_all(format_row(item, column) for item in held)
    legend = "  ".join(f"{READINGS[state].box} {READINGS[state].word}" for state in _LEGEND)
    say(paint(legend, "faint"))


def show_found(items: Sequence[Item], words: str) -> None:
    """Show what a search has found."""
    say_all(format_row(item, _measure_ids(items)) for item in items)
    if not items:
        say(f"No entry of the reading list contains all of: {sanitize(words, 200)}")


def format_row(item: Item, column: int) -> str:
    """Return an entry in a list: its state, id, title and what else is known of it."""
    sign = READINGS[item.state]
    mark, title = f"  {paint(sign.box, sign.tint)}", sanitize(item.resource.title, 300)
    return format_entry(mark, sanitize(item.id, 80), column, title, "  ".join(_list_facts(item)))


def _list_facts(item: Item) -> list[str]:
    """Return what is known beside the title, the most telling first."""
    resource = item.resource
    facts = [
        item.day if item.state == "done" else "",
        "yours" if item.own else "",
        *(resource.kind, resource.authors, str(resource.year or "")),
    ]
    return [sanitize(fact, 100) for fact in facts if fact]


def _measure_ids(items: Sequence[Item]) -> int:
    return max((len(sanitize(item.id, 80)) for item in items), default=0)


def show_next(item: Item | None, naming: Sequence[str]) -> None:
    """Show what to read next, and which exercises name it."""
    if item is None:
        say('Nothing is left to read. Add something: grade read URL "title"')
        return
    resource, label = item.resource, "Read next  "
    title = paint_words(sanitize(resource.title, 300), "name")
    by = ", ".join(sanitize(str(part), 100) for part in (resource.authors, resource.year) if part)
    columns, indent = get_width(), len(label)
    say(hang(paint(label, "strong"), f"{title}  {by}" if by else title, indent, columns))
    if naming:
        say(paint(wrap(f"for {_shorten(naming)}", " " * indent), "faint"))
    say(wrap(f"grade read {sanitize(item.id, 80)}", " " * indent))


def show_one(item: Item, naming: Sequence[str]) -> None:
    """Show an entry: its state, where it is, what it is for, and what to type.

    Naming an entry marks it as being read, so how to take that back stands beside the state.
    """
    name = sanitize(item.id, 80)
    say(f"{name}  {paint(sanitize(item.resource.title, 300), 'strong')}")
    back = f"; grade read {name} --inbox puts it back" if item.state == "reading" else ""
    say(f"{paint('State', 'strong')}   {item.state}{back}")
    if item.resource.url:
        say(f"{paint('Open', 'strong')}    {sanitize(item.resource.url, 2000)}")
    if naming:
        say(f"{paint('For', 'strong')}     {_shorten(naming)}")
    if item.state != "done":
        say(f'{paint("Then", "strong")}    grade log --read {name} "what I took from it"')
        say(f"{paint('Done', 'strong')}    grade read {name} --done")


def format_json(items: Sequence[Item], following: Item | None, uses: Uses) -> str:
    """Return the whole list."""
    entries = [_build_entry(item, uses) for item in items]
    return dump_json({"schema": SCHEMA, "next": following and following.id, "readings": entries})


def format_one_json(item: Item, added: bool, uses: Uses) -> str:
    """Return one entry, and whether it is new."""
    return dump_json({"schema": SCHEMA, "added": added, "reading": _build_entry(item, uses)})


def _build_entry(item: Item, uses: Uses) -> dict[str, Any]:
    """Return an entry as JSON has it."""
    return {
        **item.resource._asdict(),
        "state": item.state,
        "day": item.day or None,
        "own": item.own,
        "exercises": list(uses.get(item.id, ())),
    }


def _shorten(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
