"""What is new on the home page: the latest passes, notes and days of the log."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from grader.learner.entry_text import name_day
from grader.learner.notes import Note
from grader.site.formatting import format_day, make_href
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_day, locate_exercise
from grader.site.pages.log_days import LogDays
from grader.site.pages.note_index import find_note_day
from grader.site.site_data import SiteData
from grader.site.templating import fill_block

_PASSES, _NOTES, _DAYS = 6, 6, 3
"""As many of each are shown."""
_DEPTH = 4
"""How much deeper headings in the log are than those of its own page."""


class _Line(NamedTuple):
    """An exercise that was passed, or a note."""

    title: str
    link: str
    day: Markup


class _Day(NamedTuple):
    """A day of the log, and how it begins."""

    title: str
    link: str
    text: Markup


def render_latest(site: SiteData, links: LinkResolver, log: LogDays, page: str) -> str:
    """Render the three lists side by side; empty where there is nothing for any of them."""
    passes, notes = _list_passes(site, page), _list_notes(site, links, page)
    days = [_make_day(log, day, page) for day in sorted(log.entries, reverse=True)[:_DAYS]]
    ask = site.is_preview and not days
    if not (passes or notes or days or ask):
        return ""
    block = fill_block("home/latest.html", passes=passes, notes=notes, days=days, ask=ask)
    return f"## Lately\n\n{block}"


def _list_passes(site: SiteData, page: str) -> list[_Line]:
    """List the exercises that were first passed last, the newest first."""
    titles = {exercise.id: exercise.title for exercise in site.course.iterate_exercises()}
    passed = [one for id, one in site.standings.items() if one.passed_at and id in titles]
    passed.sort(key=lambda one: one.passed_at or "", reverse=True)
    return [
        _Line(
            titles[one.exercise],
            make_href(page, locate_exercise(one.exercise)),
            format_day(one.passed_day),
        )
        for one in passed[:_PASSES]
    ]


def _list_notes(site: SiteData, links: LinkResolver, page: str) -> list[_Line]:
    """List notes by their dates, the newest first, then those without one."""
    readable = [note for note in site.notes if not note.fault]
    readable.sort(key=_get_date, reverse=True)
    return [
        _Line(
            note.title,
            make_href(page, links.note_pages[note.place]),
            format_day(_get_date(note)) if _get_date(note) else Markup(""),
        )
        for note in readable[:_NOTES]
    ]


def _get_date(note: Note) -> str:
    """Return the note's date; empty without one that can be read."""
    try:
        return date.fromisoformat(find_note_day(note)[:10]).isoformat()
    except ValueError:
        return ""


def _make_day(log: LogDays, day: date, page: str) -> _Day:
    text = Markup(log.render_beginning(day, page, shift=_DEPTH))
    return _Day(name_day(day), make_href(page, locate_day(day)), text)
