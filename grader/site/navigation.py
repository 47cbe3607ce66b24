"""The navigation: mkdocs.yml names its sections, pages of course and learner fill them."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname
from typing import Any

from grader.site.formatting import escape_markdown
from grader.site.links import LinkResolver
from grader.site.page_paths import LOG, TAGS, locate_exercise, locate_milestone, locate_unit
from grader.site.pages import milestones
from grader.site.pages.guide import list_titles
from grader.site.pages.log import list_month_pages
from grader.site.site_data import SiteData

Item = dict[str, Any]
GUIDE = "guide/commands.md"
"""The first page of the project's documentation."""


def build_navigation(
    sections: list[Item] | None, site: SiteData, links: LinkResolver
) -> list[Item]:
    """Return the sections of mkdocs.yml with the pages of course and learner.

    Pages of the documentation that mkdocs.yml names and the clone lacks are left out; those that it
    does not name are added after the others.
    """
    filled = {
        milestones.PAGE: _list_milestones(site),
        "units/index.md": _list_units(site),
        LOG: _list_months(site),
        "notes/index.md": _list_notes(site, links),
    }
    guides = {page: title for title, page in list_titles(site)}
    named = set(_list_pages(sections or []))
    unnamed = [{title: page} for page, title in guides.items() if page not in named]
    return [done for one in sections or [] for done in _fill_section(one, filled, guides, unnamed)]


def _list_pages(sections: list[Item]) -> Iterator[str]:
    for section in sections:
        for page in section.values():
            yield from _list_pages(page) if isinstance(page, list) else [page]


def _fill_section(
    section: Item, filled: dict[str, list[Item]], guides: dict[str, str], unnamed: list[Item]
) -> list[Item]:
    """Return the section with its pages; within a section of sections fill each of them."""
    ((name, page),) = section.items()
    if isinstance(page, list):
        inner = [done for one in page for done in _fill_section(one, filled, guides, unnamed)]
        inner += unnamed if GUIDE in [p for one in page for p in one.values()] else []
        return [{name: inner}] if inner else []
    if page.startswith("guide/") and page not in guides:
        return []
    below = filled.get(page, [])
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


def _list_milestones(site: SiteData) -> list[Item]:
    held = [one.milestone for one in site.progress.milestones]
    return [{one.title: locate_milestone(one.id)} for one in held]


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
