"""The index of the notes: each with its date, tags and first words, to be filtered."""

from __future__ import annotations

import re
from itertools import groupby
from posixpath import basename, dirname
from typing import NamedTuple

from markupsafe import Markup

from grader.learner.notes import Note, markup
from grader.site.filtered_list import Facet, render_filter
from grader.site.formatting import escape_markdown, format_day, make_href, make_link
from grader.site.links import LinkResolver
from grader.site.page_paths import TAGS, locate_exercise, locate_tag
from grader.site.site_data import SiteData
from grader.site.tag_index import list_tags, make_key
from grader.site.templating import fill_block

INDEX = "notes/index.md"
_EXCERPT = 160
"""Characters of a note that the index shows."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


def render_index(site: SiteData, links: LinkResolver) -> str:
    """Render the index, folder by folder."""
    parts = ["# Notes", "Markdown files and notebooks in `docs/notes`, yours to write."]
    parts += [make_link("All tags", INDEX, TAGS)] if site.tags.tags else []
    facets = _make_facets(site)
    parts += [render_filter(*facets)] if site.notes else []
    by_folder = sorted(site.notes, key=lambda note: (dirname(note.place), note.place))
    for folder, notes in groupby(by_folder, lambda note: dirname(note.place)):
        entries = [_make_entry(site, links, note, facets) for note in notes]
        parts += [f"## {escape_markdown(folder)}"] if folder else []
        parts.append(fill_block("notes/list.html", notes=entries))
    return "\n\n".join(parts) + "\n"


def find_note_day(note: Note) -> str:
    """Return the note's date: its front matter's, or the one that its file's name begins with.

    The file's own time may be when it was copied or checked out, and not when it was written.
    """
    if note.date:
        return note.date
    named = _DAY.match(basename(note.place))
    return named[0] if named else ""


class _Entry(NamedTuple):
    """A note in the index."""

    title: str
    link: str
    unreadable: bool
    day: Markup | str
    excerpt: str
    about: list[tuple[str, str]]
    """Title and address of each exercise."""
    tags: list[tuple[str, str]]
    """Each tag with its sign, and its address; empty where it has no page."""
    facets: str


def _make_facets(site: SiteData) -> tuple[Facet, Facet]:
    """Return the tags, and the exercises that notes are about, in course order."""
    about = {id for held in site.backlinks.exercises.values() for id in held}
    return (
        Facet("Tag", {key: f"#{tag.name}" for key, tag in site.tags.tags.items() if tag.notes}),
        Facet(
            "Exercise", {e.id: e.title for e in site.course.iterate_exercises() if e.id in about}
        ),
    )


def _make_entry(
    site: SiteData, links: LinkResolver, note: Note, facets: tuple[Facet, Facet]
) -> _Entry:
    about = site.backlinks.exercises.get(note.place, ())
    keys = [key for key, tag in site.tags.tags.items() if note.place in tag.notes]
    return _Entry(
        note.title,
        make_href(INDEX, links.note_pages[note.place]),
        bool(note.fault) and site.is_preview,
        _format_day(find_note_day(note)),
        _find_excerpt(note),
        [
            (site.course.find_exercise(id).title, make_href(INDEX, locate_exercise(id)))
            for id in about
        ],
        [
            (f"#{site.tags.tags[key].name}", make_href(INDEX, locate_tag(key)))
            for key in dict.fromkeys(make_key(tag) for tag in list_tags(note))
        ],
        f"{facets[0].mark(keys)}|{facets[1].mark(about)}",
    )


def _format_day(day: str) -> Markup | str:
    """Return a date as a day in words where it begins with one; else as it was written."""
    found = _DAY.match(day)
    return format_day(found[0]) if found else day


def _find_excerpt(note: Note) -> str:
    found = (markup.extract_excerpt(part, _EXCERPT) for part in note.parts)
    return next(filter(None, found), "")
