"""Where the links in a learner's notes and log lead on the site, and the files to copy for them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from grader.learner.notes import Note
from grader.learner.notes.clean import Link
from grader.learner.notes.hashtag import parse_tag_target
from grader.learner.notes.picture import explain_refusal
from grader.learner.notes.wikilink import index_notes, is_name, parse_target
from grader.site.formatting import make_relative, slugify
from grader.site.page_paths import locate_day, locate_exercise, locate_note, locate_tag
from grader.site.site_data import SiteData
from grader.site.tag_index import make_key

_MAX_BYTES = 20_000_000
"""Bytes beyond which a file beside a note stays off the site."""


@dataclass(slots=True)
class LinkResolver:
    """Everything that a learner's link may lead to, and the files that the links so far need."""

    site: SiteData
    note_pages: dict[str, str] = field(default_factory=dict)
    """The page of each note, by its path below ``docs/notes``."""
    _taken: set[str] = field(default_factory=set, init=False)
    copies: dict[str, Path | bytes] = field(default_factory=dict)
    """Files to put beside the pages, by their path on the site."""
    warnings: list[str] = field(default_factory=list)
    """What links of notes do not lead to, each with the note's path: for the owner."""
    _targets: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """The pages of notes and exercises, by the names that a wikilink may use."""
    _pictures: dict[str, Path] | None = None
    """Files below the notes by their names, once a wikilink asked for one."""

    def __post_init__(self) -> None:
        _RESOLVED.clear()
        workspace = self.site.workspace
        for note in self.site.notes:
            page = self._choose_free_page(locate_note(note.place))
            self.note_pages[note.place] = page
            self._targets[_resolve_path(note.path)] = page
        pages = index_notes((note.place, note.title) for note in self.site.notes)
        self._names = {name: self.note_pages[place] for name, place in pages.items()}
        for entry in self.site.entries:
            self._targets[_resolve_path(entry.path)] = locate_day(entry.day)
        for exercise in self.site.course.iterate_exercises():
            self._names.setdefault(exercise.id, locate_exercise(exercise.id))
            for path in (workspace.locate_stub(exercise.id), workspace.locate_lesson(exercise.id)):
                self._targets[_resolve_path(path)] = locate_exercise(exercise.id)

    def make_resolver(self, page: str, source: Path, warn: Callable[[str], None]) -> Link:
        """Return the function that resolves links of the learner's file ``source`` on the page."""

        def resolve(tag: str, address: str) -> str | None:
            path, _, anchor = address.partition("#")
            path = unquote(path.partition("?")[0])
            if (named := parse_tag_target(path)) is not None:
                return self._link_tag(page, named)
            there = self._locate(source, path)
            if there is None and (name := parse_target(path)):
                if is_name(name):
                    warn(f"[[{name}]] matches no note and no picture")
                return None
            if there is None:
                warn(f"{address} points to nothing that is on the site")
                return None
            there, _, own = there.partition("#")
            anchor = own or anchor
            return _make_address(page, there) + (f"#{quote(anchor)}" if anchor else "")

        return resolve

    def copy_pictures(self, note: Note) -> Callable[[str, str], str | None]:
        """Put a notebook's pictures beside its page; return a function that finds them by name."""
        page = self.note_pages[note.place]
        folder = f"{page.removesuffix('.md')}-files"

        def find_picture(tag: str, address: str) -> str | None:
            data = note.files.get(unquote(address))
            if data is None:
                return None
            self.copies[f"{folder}/{unquote(address)}"] = data
            return quote(make_relative(page, f"{folder}/{unquote(address)}"))

        return find_picture

    def _link_tag(self, page: str, tag: str) -> str | None:
        key = make_key(tag)
        return _make_address(page, locate_tag(key)) if key in self.site.tags.tags else None

    def _locate(self, source: Path, path: str) -> str | None:
        """Return the page or file on the site that a relative path leads to."""
        if not path or "\0" in path:
            return None
        if name := parse_target(path):
            return self._locate_named(source, name)
        real = _resolve_path(source.parent / path)
        if real in self._targets:
            return self._targets[real]
        return self._copy_file(Path(real))

    def _locate_named(self, source: Path, name: str) -> str | None:
        """Return the page or picture that a wikilink names by path, name or title."""
        name, _, heading = (part.strip() for part in name.partition("#"))
        page = (
            self._names.get(name.casefold()) if name else self._targets.get(_resolve_path(source))
        )
        if page:
            return f"{page}#{slugify(heading)}" if heading and "#" not in page else page
        if self._pictures is None:
            self._pictures = dict(_list_files(self.site.workspace.notes))
        for near in (source.parent / name, self.site.workspace.notes / name):
            if found := self._copy_file(Path(_resolve_path(near))):
                return found
        file = self._pictures.get(PurePosixPath(name).name.casefold())
        return self._copy_file(Path(_resolve_path(file))) if file else None

    def _copy_file(self, target: Path) -> str | None:
        """Copy a file of the notes' or the log's folder to the site; None for any other file."""
        docs = Path(_resolve_path(self.site.workspace.handwritten))
        workspace = self.site.workspace
        for name, path in (("notes", workspace.notes), ("log", workspace.log)):
            folder = Path(_resolve_path(path))
            if target.is_relative_to(folder) and docs.is_dir() and _is_publishable(target):
                below = target.relative_to(folder).as_posix()
                self.copies[f"{name}/{below}"] = target
                return f"{name}/{below}"
        return None

    def _choose_free_page(self, page: str) -> str:
        stem, number = page.removesuffix(".md"), 2
        while page.casefold() in self._taken:
            page, number = f"{stem}-{number}.md", number + 1
        self._taken.add(page.casefold())
        return page


def _make_address(page: str, there: str) -> str:
    return quote(re.sub(r"\.md$", ".html", make_relative(page, there)))


def _is_publishable(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return False
        hidden = any(part.startswith(".") for part in path.parts[-1:])
        return not hidden and not explain_refusal(path.name, path.read_bytes())
    except OSError:
        return False


def _list_files(notes: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file below the notes by its name; of two with one name only the first."""
    found: dict[str, Path] = {}
    for folder, folders, names in os.walk(notes):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            found.setdefault(name.casefold(), Path(folder, name))
    return iter(found.items())


def _resolve_path(path: Path) -> str:
    """Return the path without links and dots; each folder is resolved once."""
    folder, name = os.path.split(path)
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    if folder not in _RESOLVED:
        _RESOLVED[folder] = os.path.realpath(folder)
    whole = Path(_RESOLVED[folder], name)
    return os.path.realpath(whole) if whole.is_symlink() else str(whole)


_RESOLVED: dict[str, str] = {}
"""The real path of each folder, as found since the last ``LinkResolver`` was made."""
