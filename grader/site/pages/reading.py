"""The reading list: how much is read, first by state, then whole."""

from __future__ import annotations

import re

from grader.base.urls import explain_refusal
from grader.course.model import Resource
from grader.learner.reading_list import MARKED, Item, filter_by_state
from grader.learner.states import READINGS
from grader.site.formatting import (
    escape_markdown,
    format_day,
    hide_sidebars,
)
from grader.site.links import LinkResolver
from grader.site.pages.whole_reading_list import render_reading_list
from grader.site.signs import draw_sign
from grader.site.site_data import SiteData

_PAGE = "reading.md"
_STATES = {"next": "Next", "reading": "Being read", "inbox": "Inbox", "done": "Done"}
_MAX_DONE = 20
"""As many of those that are done are shown first, the latest ones."""

_INTRODUCTION = (
    "The readings of the course, and your own, marked *own*. `grade read ID` starts one, "
    '`--done` marks it as done, and `grade read URL "title"` adds one.'
)


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of the reading list."""
    parts = ["# Reading", _count_read(site), _INTRODUCTION]
    for state in MARKED:
        if held := filter_by_state(site.readings, state):
            shown = held[:_MAX_DONE] if state == "done" else held
            lines = [f"- {cite_item(item)}{_format_done_day(item)}" for item in shown]
            parts += [f"## {_STATES[state]}", "\n".join(lines)]
            parts += [f"And {len(held) - _MAX_DONE} more."] if len(held) > len(shown) else []
    parts += ["## The whole list", *render_reading_list(site, links, _PAGE)]
    return {_PAGE: hide_sidebars("\n\n".join(parts) + "\n")}


def _count_read(site: SiteData) -> str:
    read = sum(item.state == "done" for item in site.readings)
    return f"**{read} of {len(site.readings)} read.**"


def cite(resource: Resource) -> str:
    """Cite a resource as the reading list does; only its title where its URL is refused."""
    more = ", ".join(str(part) for part in (resource.authors, resource.year) if part)
    url = re.sub(r"[\s<>()\[\]\\]", lambda char: f"%{ord(char[0]):02X}", resource.url)
    title = escape_markdown(resource.title)
    linked = title if explain_refusal(resource.url) else f"[{title}]({url})"
    return linked + (f", {escape_markdown(more)}" if more else "")


def render_reading_state(item: Item) -> str:
    """Render the state of a reading by sign and word, and the day on which it was done."""
    shown = draw_sign(READINGS[item.state])
    return f"{shown} on {format_day(item.day)}" if item.state == "done" else str(shown)


def cite_item(item: Item) -> str:
    """Cite a reading, marked if it is the learner's own."""
    return cite(item.resource) + (" *own*" if item.own else "")


def _format_done_day(item: Item) -> str:
    return f", {format_day(item.day)}" if item.state == "done" else ""
