"""The reading list in the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grader.console.machine import SCHEMA
from grader.console.paint import paint, say, say_all, terminal_width
from grader.harmless import harmless
from grader.readinglist import KEPT, OPEN, Item, State, in_state

SIGNS: dict[State, tuple[str, str]] = {
    "next": ("[>]", "name"),
    "reading": ("[/]", "odd"),
    "inbox": ("[.]", "plain"),
    "done": ("[x]", "good"),
    "open": ("[ ]", "plain"),
}
LEGEND = "[>] next  [/] reading  [.] inbox  [x] done  [ ] open"

Uses = Mapping[str, Sequence[str]]


def show_list(items: Sequence[Item], whole: bool) -> None:
    """The entries by state; those that the learner has put nowhere only when asked."""
    due = (*KEPT, OPEN) if whole else KEPT
    column = _column([item for item in items if item.state in due])
    for state in due:
        held = in_state(items, state)
        if held:
            say(paint(state.capitalize(), "strong"))
            say_all(row(item, column) for item in held)
    say(paint(LEGEND, "faint"))


def show_found(items: Sequence[Item], words: str) -> None:
    """What a search has found."""
    say_all(row(item, _column(items)) for item in items)
    if not items:
        say(f"Nothing in the reading list holds all of: {harmless(words, 200)}")


def row(item: Item, column: int) -> str:
    """An entry in a list: its state, id, title and what it is, as far as there is room."""
    sign, kind = SIGNS[item.state]
    left = f"{harmless(item.id, 80):<{column}}  {harmless(item.resource.title, 300)}"
    room = terminal_width() - 6
    if len(left) > room:
        left = f"{left[: room - 1]}…"
    tail = ""
    for part in _facts(item):
        if len(left) + len(tail) + len(part) + 2 <= room:
            tail += f"  {part}"
    return f"  {paint(sign, kind)} {left}{paint(tail, 'faint')}"


def _facts(item: Item) -> list[str]:
    """What is known beside the title, the most telling first."""
    resource = item.resource
    facts = [
        item.day if item.state == "done" else "",
        "yours" if item.own else "",
        *(resource.kind, resource.authors, str(resource.year or "")),
    ]
    return [harmless(fact, 100) for fact in facts if fact]


def _column(items: Sequence[Item]) -> int:
    return max((len(harmless(item.id, 80)) for item in items), default=0)


def show_next(item: Item | None, naming: Sequence[str]) -> None:
    """What to read next, and which exercises name it."""
    if item is None:
        say('Nothing is left to read. Add something: grade read URL "title"')
        return
    purpose = f"   for {_few(naming)}" if naming else ""
    say(f"{paint('Read next', 'strong')}  {harmless(item.id, 80)}{paint(purpose, 'faint')}")


def show_one(item: Item, naming: Sequence[str]) -> None:
    """An entry: its state, where it is, what it is for, and what to type."""
    say(f"{harmless(item.id, 80)}  {paint(harmless(item.resource.title, 300), 'strong')}")
    say(f"{paint('State', 'strong')}   {item.state}")
    if item.resource.url:
        say(f"{paint('Open', 'strong')}    {harmless(item.resource.url, 2000)}")
    if naming:
        say(f"{paint('For', 'strong')}     {_few(naming)}")
    if item.state != "done":
        name = harmless(item.id, 80)
        say(f'{paint("Then", "strong")}    grade log --read {name} "what I took from it"')
        say(f"{paint('Done', 'strong')}    grade read {name} --done")


def as_json(items: Sequence[Item], following: Item | None, uses: Uses) -> str:
    """The whole list."""
    told = [said(item, uses) for item in items]
    return _text({"schema": SCHEMA, "next": following and following.id, "readings": told})


def one_as_json(item: Item, added: bool, uses: Uses) -> str:
    """One entry, and whether it is new."""
    return _text({"schema": SCHEMA, "added": added, "reading": said(item, uses)})


def said(item: Item, uses: Uses) -> dict[str, Any]:
    """An entry as JSON has it."""
    return {
        **item.resource._asdict(),
        "state": item.state,
        "day": item.day or None,
        "own": item.own,
        "exercises": list(uses.get(item.id, ())),
    }


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
