"""Renders all pages as plain Markdown files into the docs_dir of MkDocs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.base import render_cache
from grader.base.files import explain_storage, write_file
from grader.base.lock import hold_lock
from grader.base.paths import Workspace
from grader.learner.notes import markup
from grader.site.builder_settings import format_settings
from grader.site.gather import gather
from grader.site.link_preview import add_link_preview
from grader.site.links import LinkResolver
from grader.site.mermaid_pages import add_diagrams
from grader.site.output_folder import OutputFolder
from grader.site.pages import (
    cards,
    exercise,
    glossary,
    guide,
    home,
    log,
    map,
    milestones,
    mistakes,
    notes,
    objectives,
    pace,
    reading,
    sidebar_states,
    tags,
    tracker,
)
from grader.site.site_data import SiteData

_PAGE_MODULES = (
    *(home, map, tracker, milestones, mistakes, exercise, log, notes, tags),
    *(cards, reading, objectives, glossary, guide, pace, sidebar_states),
)


@dataclass(frozen=True, slots=True)
class Rendering:
    """What rendering changed, and what it could not show."""

    written: tuple[Path, ...]
    removed: tuple[Path, ...]
    warnings: tuple[str, ...]


LOCK_SECONDS = 60.0
"""Seconds to wait for another process that writes the pages."""

_NOTEBOOKS = 500
"""The largest number of converted notebooks in the cache; a notebook may have several versions."""


def render(site: SiteData, *, for_zensical: bool = False) -> Rendering:
    """Write the pages whose content changed; remove those that are no longer due.

    With ``for_zensical`` write its configuration too, which MkDocs' hook does without.
    """
    with explain_storage():
        return _write_pages(site, for_zensical)


def _write_pages(site: SiteData, for_zensical: bool) -> Rendering:
    workspace = site.workspace
    with render_cache.open_cache(workspace.cache / "shown.json"):
        links = LinkResolver(site)
        files, warnings = _build_files(site, links), _collect_warnings(site, links)
        settings = format_settings(site, links) if for_zensical else None
    render_cache.limit_files(workspace.cache / "notes", _NOTEBOOKS)
    workspace.generated.mkdir(parents=True, exist_ok=True)
    with hold_lock(workspace.generated / "pages.lock", LOCK_SECONDS):
        written, removed = OutputFolder(workspace.rendered).replace_files(files)
        if settings is not None:
            write_file(workspace.zensical_file, settings, sync=False)
    return Rendering(tuple(written), tuple(removed), warnings)


def render_all(workspace: Workspace) -> Rendering:
    """Gather the workspace's data and render it, for whichever builder comes next."""
    return render(gather(workspace), for_zensical=True)


def build_files(site: SiteData) -> dict[str, str | bytes | Path]:
    """Return every file of the docs_dir, by its path there."""
    return _build_files(site, LinkResolver(site))


def _build_files(site: SiteData, links: LinkResolver) -> dict[str, str | bytes | Path]:
    files: dict[str, str | bytes | Path] = {}
    for module in _PAGE_MODULES:
        files |= module.render_pages(site, links)
    assets = site.workspace.handwritten / "assets"
    for path in sorted(assets.glob("*")):
        if path.is_file() and not path.name.startswith("."):
            files[f"assets/{path.name}"] = path
    return add_link_preview(add_diagrams(files), site) | links.copies


def _collect_warnings(site: SiteData, links: LinkResolver) -> tuple[str, ...]:
    """Collect what the owner should know; ``links`` have been asked for all pages."""
    formulas = [
        f"{site.workspace.locate_lesson(name)}: {bad}"
        for name, lesson in site.lessons.items()
        for bad in markup.list_formula_faults(lesson)
    ]
    return (
        *site.problems,
        *(note.fault for note in site.notes if note.fault),
        *(f"{note.path}: {warning}" for note in site.notes for warning in note.warnings),
        *links.warnings,
        *(cards.describe_duplicates(site.deck) if site.deck else ()),
        *site.backlinks.unknown,
        *formulas,
        *_describe_leaks(site),
    )


def _describe_leaks(site: SiteData) -> Iterator[str]:
    """Name what in notes and log looks like a secret or personal data, before it is published."""
    found = [leak for note in site.notes for leak in note.leaks]
    found += [
        f"{entry.path}:{line}: {leak}"
        for entry in site.entries
        for line, leak in markup.list_leaks(entry.text)
    ]
    yield from (f"{leak}; take it out before you publish the site" for leak in found)
