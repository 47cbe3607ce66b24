"""The learner's notes as pages."""

from __future__ import annotations

from markupsafe import Markup

from grader.learner.notes import Note, markup, rendering
from grader.learner.notes.clean import Link
from grader.learner.notes.hashtag import normalize_tag
from grader.site.formatting import (
    escape_markdown,
    fold_html,
    format_day,
    make_link,
)
from grader.site.links import LinkResolver
from grader.site.page_paths import locate_exercise, locate_tag
from grader.site.pages.note_index import INDEX, render_index
from grader.site.site_data import SiteData
from grader.site.tag_index import make_key
from grader.site.templating import fill_block

_SHOWN = 'class="gw-output gw-shown"'
"""Of an output of a notebook that may be wider than the page."""
_REACHED = 'class="gw-output gw-shown" tabindex="0"'
"""The same, so that a keyboard reaches it to scroll it."""

_RUN = "The outputs come from a run of a copy, with `--execute`, on"


def render_pages(site: SiteData, links: LinkResolver) -> dict[str, str]:
    """Return a page for each note, and their index."""
    pages = {INDEX: render_index(site, links)}
    for note in site.notes:
        pages[links.note_pages[note.place]] = _render_page(site, links, note)
    return pages


def _render_page(site: SiteData, links: LinkResolver, note: Note) -> str:
    file = site.workspace.show_path(note.path)
    page = links.note_pages[note.place]
    parts = [f"# {escape_markdown(note.title)}", f"From {escape_markdown(file)}"]
    parts += [f"About {about}"] if (about := _link_exercises(site, note, page)) else []
    parts += [_render_front(note, page)] if note.tags or note.date else []
    parts += [f"{_RUN} {format_day(note.run)}."] if note.run else []
    if note.fault:
        return "\n\n".join([*parts, _render_fault(site, note)])
    troubles = list(note.warnings)
    link = _make_resolver(links, note, troubles)
    for block in _read_blocks(note, link):
        mark = "#" * block.level
        parts.append(
            f"{mark} {escape_markdown(block.content)}" if mark else _render_block(block.content)
        )
    parts.append(_render_backlinks(site, links, note.place, page))
    found = list(dict.fromkeys(troubles))
    links.warnings += [f"{note.path}: {words}" for words in found if words not in note.warnings]
    if found and site.is_preview:
        parts.append(_render_warning("Not everything could be shown", found))
    return "\n\n".join(part for part in parts if part) + "\n"


def _render_fault(site: SiteData, note: Note) -> str:
    """Render what is wrong with a note; its readers only learn that there is nothing to see."""
    if not site.is_preview:
        return "This note cannot be shown."
    return _render_warning("Cannot be read", [note.fault.replace(f"{site.workspace.root}/", "")])


def _render_front(note: Note, page: str) -> str:
    """Render the date and the tags that the note's front matter gives."""
    words = [f"Dated {escape_markdown(note.date)}"] if note.date else []
    tags = [
        make_link(f"#{tag}", page, locate_tag(make_key(tag)))
        if (tag := normalize_tag(written))
        else escape_markdown(written)
        for written in note.tags
    ]
    words += [f"Tags: {', '.join(tags)}"] if tags else []
    return ". ".join(words)


def _render_block(html: str) -> Markup:
    """Render clean HTML of the note."""
    return fill_block("notes/block.html", id="", html=fold_html(html.replace(_SHOWN, _REACHED)))


def _render_warning(heading: str, lines: list[str]) -> Markup:
    return fill_block("warning.html", heading=heading, lines=lines)


def render_notes_about(site: SiteData, links: LinkResolver, exercise: str) -> str:
    """Render the notes about an exercise, for its page; empty without any."""
    held = site.backlinks.notes.get(exercise, ())
    return _list_notes("## Notes about it", site, links, held, locate_exercise(exercise))


def _render_backlinks(site: SiteData, links: LinkResolver, place: str, page: str) -> str:
    held = site.backlinks.mentions.get(place, ())
    return _list_notes("## Mentioned in", site, links, held, page)


def _list_notes(
    heading: str, site: SiteData, links: LinkResolver, held: tuple[str, ...], page: str
) -> str:
    lines = [f"- {make_link(site.note_titles[p], page, links.note_pages[p])}" for p in held]
    return "\n".join([heading, "", *lines]) if lines else ""


def _link_exercises(site: SiteData, note: Note, page: str) -> str:
    """Link the exercises that the note is about."""
    titles = [
        make_link(site.course.find_exercise(id).title, page, locate_exercise(id))
        for id in site.backlinks.exercises.get(note.place, ())
    ]
    return ", ".join(titles)


def _make_resolver(links: LinkResolver, note: Note, troubles: list[str]) -> Link:
    pictures = links.copy_pictures(note)
    others = links.make_resolver(links.note_pages[note.place], note.path, troubles.append)
    return lambda tag, address: pictures(tag, address) or others(tag, address)


def _read_blocks(note: Note, link: Link) -> list[rendering.HtmlBlock]:
    """Return the note's blocks; its top headings go below the page's own."""
    levels = [heading.level for part in note.parts for heading in markup.list_headings(part)]
    shift = 1 if 1 in levels else 0
    return [
        block
        for number, part in enumerate(note.parts)
        for block in rendering.render_blocks(
            part, link, shift=shift, prefix=_choose_prefix(note, number)
        )
    ]


def _choose_prefix(note: Note, number: int) -> str:
    """Return the prefix of ids: a notebook's cells must not share any, a file keeps its own."""
    return f"cell-{number}-" if note.kind == "notebook" else ""
