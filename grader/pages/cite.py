"""A reading as the pages name it, with its state by sign and word."""

from __future__ import annotations

import re

from grader.address import refusal
from grader.course import Resource
from grader.pages.words import day_in_words, escape
from grader.readinglist import Item, State

READING_SIGNS: dict[State, tuple[str, str]] = {
    "done": ("●", "passed"),
    "reading": ("◐", "started"),
    "next": ("▷", "started"),
    "inbox": ("◇", "open"),
    "open": ("○", "open"),
}
"""The sign of a state, and the state of an exercise whose colour it has."""


def cited(resource: Resource) -> str:
    """A resource as the reading list names it; its title alone where its address is none."""
    more = ", ".join(str(part) for part in (resource.authors, resource.year) if part)
    url = re.sub(r"[\s<>()\[\]\\]", lambda char: f"%{ord(char[0]):02X}", resource.url)
    title = escape(resource.title)
    linked = title if refusal(resource.url) else f"[{title}]({url})"
    return linked + (f", {escape(more)}" if more else "")


def reading_sign(item: Item) -> str:
    """The state of a reading by sign and word, and the day on which it was done."""
    mark, colour = READING_SIGNS[item.state]
    shown = f'<span class="gw-state gw-{colour}">{mark} {item.state}</span>'
    return f"{shown} on {day_in_words(item.day)}" if item.state == "done" else shown
