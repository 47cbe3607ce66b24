"""Where each thing lies on the site, and where a learner's links lead."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from grader.journal import plain
from grader.notes import Note
from grader.notes.clean import Link
from grader.notes.picture import refusal
from grader.notes.wikilink import by_name, is_meant, target
from grader.pages.scene import Scene
from grader.pages.words import slug, to

_LARGEST = 20_000_000
"""Bytes beyond which a file beside a note stays off the site."""


def exercise_page(exercise: str) -> str:
    """The page of an exercise."""
    return f"units/{exercise}.md"


def unit_page(unit: str) -> str:
    """The page of a unit."""
    return f"units/{unit}/index.md"


def month_page(day: date) -> str:
    """The page of the month that holds a day."""
    return f"log/{day:%Y-%m}.md"


def day_page(day: date) -> str:
    """The page of a day."""
    return f"log/{day.isoformat()}.md"


@dataclass(slots=True)
class Places:
    """What a learner's link may lead to, and what was found of the links so far."""

    scene: Scene
    note_pages: dict[str, str] = field(default_factory=dict)
    """The page of each note, by its place."""
    _taken: set[str] = field(default_factory=set, init=False)
    copies: dict[str, Path | bytes] = field(default_factory=dict)
    """Files to put beside the pages, by their path on the site."""
    _targets: dict[str, str] = field(default_factory=dict)
    _called: dict[str, str] = field(default_factory=dict)
    """Notes and exercises by what a wikilink may call them."""
    _pictures: dict[str, Path] | None = None
    """Files below the notes by their names, once a wikilink asked for one."""

    def __post_init__(self) -> None:
        _FOLDERS.clear()
        workspace = self.scene.workspace
        for note in self.scene.notes:
            page = self._free(note_page(note.place))
            self.note_pages[note.place] = page
            self._targets[_real(note.path)] = page
        pages = by_name((note.place, note.title) for note in self.scene.notes)
        self._called = {name: self.note_pages[place] for name, place in pages.items()}
        for entry in self.scene.entries:
            self._targets[_real(entry.path)] = day_page(entry.day)
        for exercise in self.scene.course.exercises():
            self._called.setdefault(exercise.id, exercise_page(exercise.id))
            for path in (workspace.stub(exercise.id), workspace.lesson(exercise.id)):
                self._targets[_real(path)] = exercise_page(exercise.id)

    def link(self, page: str, source: Path, warn: Callable[[str], None]) -> Link:
        """How links of the learner's file ``source`` read on the page."""

        def leads(tag: str, address: str) -> str | None:
            path, _, anchor = address.partition("#")
            path = unquote(path.partition("?")[0])
            there = self._there(source, path)
            if there is None and (name := target(path)):
                if is_meant(name):
                    warn(f"[[{name}]] names no note and no picture")
                return None
            if there is None:
                warn(f"{address} leads to nothing that is on the site")
                return None
            there, _, own = there.partition("#")
            anchor = own or anchor
            html = re.sub(r"\.md$", ".html", to(page, there))
            return quote(html) + (f"#{quote(anchor)}" if anchor else "")

        return leads

    def keep_pictures(self, note: Note) -> Callable[[str, str], str | None]:
        """Put a notebook's pictures beside its page; the result finds them by name."""
        page = self.note_pages[note.place]
        folder = f"{page.removesuffix('.md')}-files"

        def found(tag: str, address: str) -> str | None:
            data = note.files.get(unquote(address))
            if data is None:
                return None
            self.copies[f"{folder}/{unquote(address)}"] = data
            return quote(to(page, f"{folder}/{unquote(address)}"))

        return found

    def _there(self, source: Path, path: str) -> str | None:
        """The page or file on the site that a relative path leads to."""
        if not path or "\0" in path:
            return None
        if name := target(path):
            return self._named(source, name)
        real = _real(source.parent / path)
        if real in self._targets:
            return self._targets[real]
        return self._copied(Path(real))

    def _named(self, source: Path, name: str) -> str | None:
        """The page or picture that a wikilink names: by its path, its name or its title."""
        name, _, heading = (part.strip() for part in name.partition("#"))
        page = self._called.get(name.casefold()) if name else self._targets.get(_real(source))
        if page:
            return f"{page}#{slug(heading)}" if heading and "#" not in page else page
        if self._pictures is None:
            self._pictures = dict(_below(self.scene.workspace.notes))
        for near in (source.parent / name, self.scene.workspace.notes / name):
            if found := self._copied(Path(_real(near))):
                return found
        file = self._pictures.get(PurePosixPath(name).name.casefold())
        return self._copied(Path(_real(file))) if file else None

    def _copied(self, target: Path) -> str | None:
        docs = Path(_real(self.scene.workspace.handwritten))
        owned = [Path(_real(f)) for f in (self.scene.workspace.notes, self.scene.workspace.log)]
        names = ["notes", "log"]
        for folder, name in zip(owned, names, strict=True):
            if target.is_relative_to(folder) and docs.is_dir() and _fit(target):
                below = target.relative_to(folder).as_posix()
                self.copies[f"{name}/{below}"] = target
                return f"{name}/{below}"
        return None

    def _free(self, page: str) -> str:
        stem, number = page.removesuffix(".md"), 2
        while page.casefold() in self._taken:
            page, number = f"{stem}-{number}.md", number + 1
        self._taken.add(page.casefold())
        return page


def note_page(place: str) -> str:
    """The page of a note, with a name that any server and file system can serve."""
    parts = [re.sub(r"[^\w.-]+", "-", plain(part)).strip("-.") or "note" for part in _parts(place)]
    if parts[-1].casefold() in ("index", "readme"):
        parts[-1] += "-note"
    return f"notes/{'/'.join(parts)}.md"


def _parts(place: str) -> list[str]:
    whole = PurePosixPath(place)
    return [*whole.parts[:-1], whole.stem]


def _fit(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        hidden = any(part.startswith(".") for part in path.parts[-1:])
        return not hidden and not refusal(path.name, path.read_bytes())
    except OSError:
        return False


def _below(notes: Path) -> Iterator[tuple[str, Path]]:
    """Each file below the notes by its name; of two with one name the first in order counts."""
    found: dict[str, Path] = {}
    for folder, folders, names in os.walk(notes):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            found.setdefault(name.casefold(), Path(folder, name))
    return iter(found.items())


def _real(path: Path) -> str:
    """The path without links and dots; where its folder lies is found out once."""
    folder, name = os.path.split(path)
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    if folder not in _FOLDERS:
        _FOLDERS[folder] = os.path.realpath(folder)
    whole = Path(_FOLDERS[folder], name)
    return os.path.realpath(whole) if whole.is_symlink() else str(whole)


_FOLDERS: dict[str, str] = {}
"""Where each folder really lies, as found since the last ``Places`` was made."""
