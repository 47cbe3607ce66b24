"""The reading list: first by state, then whole, with what each is for and when it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from grader.base.urls import explain_refusal
from grader.course.model import Exercise, Resource
from grader.learner.reading_list import MARKED, Item, filter_by_state, map_uses
from grader.learner.states import READINGS
from grader.site.formatting import (
    escape_markdown,
    format_day,
    hide_sidebars,
    make_link,
    pluralize,
)
from grader.site.links import LinkResolver
from grader.site.mentions import find_mention_days
from grader.site.name_index import NameIndex
from grader.site.page_paths import locate_day, locate_exercise
from grader.site.signs import draw_sign
from grader.site.site_data import SiteData

_PAGE = "reading.md"
_KINDS = {
    "paper": "Papers",
    "book": "Books",
    "course": "Courses",
    "video": "Videos",
    "codebase": "Codebases",
    "documentation": "Documentation",
    "article": "Articles",
}
_STATES = {"next": "Next", "reading": "Being read", "inbox": "Inbox", "done": "Done"}
_MAX_DONE = 20
"""As many of those that are done are shown first, the latest ones."""
_MAX_DAYS = 3
"""Days of the log that are named with a reading, the latest ones."""

_INTRODUCTION = (
    "The readings of the course, and your own, marked *own*. `grade read ID` starts one, "
    '`--done` marks it as done, and `grade read URL "title"` adds one.'
)


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return the page of the reading list."""
    parts = ["# Reading", _INTRODUCTION]
    for state in MARKED:
        if held := filter_by_state(site.readings, state):
            shown = held[:_MAX_DONE] if state == "done" else held
            lines = [f"- {cite_item(item)}{_format_done_day(item)}" for item in shown]
            parts += [f"## {_STATES[state]}", "\n".join(lines)]
            parts += [f"And {len(held) - _MAX_DONE} more."] if len(held) > len(shown) else []
    return {_PAGE: hide_sidebars("\n\n".join([*parts, *_render_list(site, links)]) + "\n")}


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


def _render_list(site: SiteData, links: LinkResolver) -> list[str]:
    """Render all entries by kind."""
    exercises = {exercise.id: exercise for exercise in site.course.iterate_exercises()}
    naming = map_uses(site.course)
    days = find_mention_days(site.entries, NameIndex.build(site.course, links))
    parts = ["## The whole list"]
    for kind in dict.fromkeys([*_KINDS, *(item.resource.kind for item in site.readings)]):
        held = [item for item in site.readings if item.resource.kind == kind]
        lines = [
            f"- {cite_item(item)} {render_reading_state(item)}"
            + _link_exercises([exercises[name] for name in naming.get(item.id, ())])
            + _link_days(days.get(("reading", item.id), ()))
            for item in held
        ]
        parts += (
            [f"### {_KINDS.get(kind, escape_markdown(kind))}", "\n".join(lines)] if held else []
        )
    return parts


def _link_exercises(exercises: list[Exercise]) -> str:
    links = [make_link(e.title, _PAGE, locate_exercise(e.id)) for e in exercises]
    return f". For {', '.join(links)}" if links else ""


def _link_days(days: Sequence[date]) -> str:
    links = [
        make_link(format_day(day.isoformat()), _PAGE, locate_day(day)) for day in days[:_MAX_DAYS]
    ]
    more = f" and {pluralize(len(days) - _MAX_DAYS, 'day')} before" if len(days) > _MAX_DAYS else ""
    return f". In the log: {', '.join(links)}{more}" if links else ""
