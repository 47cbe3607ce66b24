"""All readings by kind, folded: what each is for, its state, and the days that mention it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from grader.base.urls import explain_refusal
from grader.course.model import Course
from grader.learner.reading_list import Item, map_uses
from grader.learner.states import READINGS
from grader.site.filtered_list import Facet, render_filter
from grader.site.formatting import format_day, make_href, pluralize
from grader.site.links import LinkResolver
from grader.site.mentions import find_mention_days
from grader.site.name_index import NameIndex
from grader.site.page_paths import locate_day, locate_exercise
from grader.site.signs import draw_sign
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_KINDS = {
    "paper": "Papers",
    "book": "Books",
    "course": "Courses",
    "video": "Videos",
    "codebase": "Codebases",
    "documentation": "Documentation",
    "article": "Articles",
}
_NO_UNIT = "no unit"
_MAX_DAYS = 3
"""Days of the log that are named with a reading, the latest ones."""

_Links = list[tuple[str, str]]
"""Words, and the address that they lead to."""


def render_reading_list(site: SiteData, links: LinkResolver, page: str) -> list[str]:
    """Render every reading, with what ``assets/filters.js`` filters them by: unit and state."""
    uses = map_uses(site.course)
    facets = _make_facets(site, uses)
    days = find_mention_days(site.entries, NameIndex.build(site.course, links))
    parts: list[str] = [render_filter(*facets)]
    for kind in dict.fromkeys([*_KINDS, *(item.resource.kind for item in site.readings)]):
        held = [item for item in site.readings if item.resource.kind == kind]
        entries = [
            _make_entry(site.course, item, uses, days.get(("reading", item.id), ()), facets, page)
            for item in held
        ]
        if entries:
            read = sum(item.state == "done" for item in held)
            title, count = _KINDS.get(kind, kind), f"{read} of {len(held)} read"
            parts.append(fill_block("reading/kind.html", title=title, count=count, entries=entries))
    return parts


class _Entry(NamedTuple):
    """A reading in the list."""

    title: str
    link: str
    more: str
    own: bool
    state: Markup
    uses: _Links
    days: _Links
    earlier: str
    """How many days before mention it; empty where all are named."""
    facets: str


def _make_facets(site: SiteData, uses: Mapping[str, Sequence[str]]) -> tuple[Facet, Facet]:
    named = {_get_unit(exercise) for names in uses.values() for exercise in names}
    units = {u.id: u.title for u in site.course.iterate_units() if u.id in named}
    present = {item.state for item in site.readings}
    states: dict[str, str] = {
        state: sign.word for state, sign in READINGS.items() if state in present
    }
    return Facet("Unit", units | {"": _NO_UNIT}), Facet("State", states)


def _make_entry(
    course: Course,
    item: Item,
    uses: Mapping[str, Sequence[str]],
    days: Sequence[date],
    facets: tuple[Facet, Facet],
    page: str,
) -> _Entry:
    resource, names = item.resource, uses.get(item.id, ())
    more = ", ".join(str(part) for part in (resource.authors, resource.year) if part)
    units = [_get_unit(name) for name in names] or [""]
    earlier = len(days) - _MAX_DAYS
    return _Entry(
        resource.title,
        "" if explain_refusal(resource.url) else resource.url,
        more,
        item.own,
        draw_sign(READINGS[item.state]),
        [(course.find_exercise(n).title, make_href(page, locate_exercise(n))) for n in names],
        [
            (format_day(day.isoformat()), make_href(page, locate_day(day)))
            for day in days[:_MAX_DAYS]
        ],
        f"{pluralize(earlier, 'day')} before" if earlier > 0 else "",
        f"{facets[0].mark(units)}|{facets[1].mark([item.state])}",
    )


def _get_unit(exercise: str) -> str:
    return exercise.partition("/")[0]
