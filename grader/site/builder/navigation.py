"""The navigation: mkdocs.yml names its sections, pages of course and learner fill them."""

from __future__ import annotations

from posixpath import dirname
from typing import Any

from grader.site.formatting import escape_markdown
from grader.site.links import LinkResolver
from grader.site.page_paths import TAGS, locate_exercise, locate_unit
from grader.site.pages.guide import list_titles
from grader.site.pages.log import list_month_pages
from grader.site.site_data import SiteData

Item = dict[str, Any]
GUIDE = "guide/commands.md"
"""The first page of the project's documentation; the section is left out without it."""


def build_navigation(
    sections: list[Item] | None, site: SiteData, links: LinkResolver
) -> list[Item]:
    """Return the sections of mkdocs.yml, each with its pages after its first one."""
    filled = {
        GUIDE: [{title: page} for title, page in list_titles(site)],
        "units/index.md": _list_units(site),
        "log/index.md": _list_months(site),
        "notes/index.md": _list_notes(site, links),
    }
    return [section for s in sections or [] for section in _fill_section(s, filled)]


def _fill_section(section: Item, filled: dict[str, list[Item]]) -> list[Item]:
    """Return the section with its pages; within a section of sections fill each of them."""
    ((name, page),) = section.items()
    if isinstance(page, list):
        return [{name: [inner for item in page for inner in _fill_section(item, filled)]}]
    below = filled.get(page, [])
    if page == GUIDE:
        return [{name: below}] if below else []
    return [{name: [page, *below]}] if below else [section]


def _list_units(site: SiteData) -> list[Item]:
    return [
        {
            unit.title: [
                locate_unit(unit.id),
                *({e.title: locate_exercise(e.id)} for e in unit.exercises),
            ]
        }
        for unit in site.course.iterate_units()
    ]


def _list_months(site: SiteData) -> list[Item]:
    return [{title: page} for title, page in list_month_pages(site)]


def _list_notes(site: SiteData, links: LinkResolver) -> list[Item]:
    """List the notes, those of a folder in a section of their own, and the index of the tags."""
    folders: dict[str, list[Item]] = {}
    for note in site.notes:
        item = {escape_markdown(note.title): links.note_pages[note.place]}
        folders.setdefault(dirname(note.place), []).append(item)
    top = folders.pop("", [])
    below = [{escape_markdown(folder): held} for folder, held in sorted(folders.items())]
    return [*top, *below, *[{"Tags": TAGS}] * bool(site.tags.tags)]
