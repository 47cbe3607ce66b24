"""A note: one Markdown file or notebook below ``docs/notes``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from grader.errors import NoteError
from grader.notes import executed, front, leaky, markup, notebook, raw

Kind = Literal["markdown", "notebook"]
_KINDS: dict[str, Kind] = {".md": "markdown", ".markdown": "markdown", ".ipynb": "notebook"}


@dataclass(frozen=True, slots=True)
class Note:
    """What a note says: Markdown in parts, each of which stands by itself."""

    path: Path
    place: str
    """Where it lies below the notes' folder, with forward slashes."""
    kind: Kind
    title: str
    parts: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures that a notebook holds, by the name its parts call them."""
    warnings: tuple[str, ...] = ()
    fault: str = ""
    """What is wrong with a note that cannot be read, and what to do."""
    about: tuple[str, ...] = ()
    """The exercises that it says it is about, as it names them."""
    about_line: int = 0
    """The line that names them; 0 in a notebook."""
    leads: tuple[str, ...] = ()
    """Where its links lead, as written."""
    leaks: tuple[str, ...] = ()
    """What in it should not be published, each with its path and line or cell."""
    run: str = ""
    """The day on which a copy of the notebook was run whose outputs are shown."""


@dataclass(frozen=True, slots=True)
class Notes:
    """The folder of notes; ``cache`` keeps converted notebooks."""

    folder: Path
    cache: Path

    def read(self) -> list[Note]:
        """All notes in the order of their places; a broken one says so in ``fault``."""
        return [self._note(path) for path in sorted(self._paths())]

    def sources(self) -> Iterator[tuple[str, Kind, bytes]]:
        """The place, kind and bytes of each note, in their order; unreadable ones are left out."""
        for path in sorted(self._paths()):
            with suppress(NoteError):
                source = self._bytes(path)
                yield path.relative_to(self.folder).as_posix(), _KINDS[path.suffix.lower()], source

    def listed(self) -> list[Note]:
        """All notes with their titles and what they are about, without what is in them."""
        return [self.brief(path) for path in sorted(self._paths())]

    def unexecuted(self) -> list[Path]:
        """The notebooks that can be read and of which no executed copy is kept."""
        books = [note.path for note in self.listed() if note.kind == "notebook" and not note.fault]
        return [path for path in books if executed.of(self.cache, self._bytes(path)) is None]

    def brief(self, path: Path) -> Note:
        """One note's title and what it is about; no notebook is converted for it."""
        place, kind = path.relative_to(self.folder).as_posix(), _KINDS[path.suffix.lower()]
        try:
            source = self._bytes(path)
            if kind == "notebook":
                parts, said = raw.spoken(source), front.of_metadata(raw.metadata(source))
            else:
                parts, said = (text := _decoded(path, source),), _front(path, text)
        except NoteError as error:
            return Note(path, place, kind, path.stem, (), fault=str(error))
        except raw.BrokenNotebook as error:
            return Note(path, place, kind, path.stem, (), fault=f"{path}: {error}")
        return Note(path, place, kind, _titled(parts, path.stem)[0], (), about=said.about)

    def _paths(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in files:
                if not name.startswith(".") and Path(name).suffix.lower() in _KINDS:
                    yield Path(folder, name)

    def _note(self, path: Path) -> Note:
        place = path.relative_to(self.folder).as_posix()
        kind = _KINDS[path.suffix.lower()]
        try:
            return self._readable(path, place, kind)
        except NoteError as error:
            return Note(path, place, kind, path.stem, (), fault=str(error))

    def _readable(self, path: Path, place: str, kind: Kind) -> Note:
        source = self._bytes(path)
        if kind == "notebook":
            found, front, day = self._notebook(path, source)
        else:
            text = _decoded(path, source)
            spilt = tuple(f"{path}:{line}: {words}" for line, words in leaky.told(text))
            found, front, day = notebook.Pages((text,), leaks=spilt), _front(path, text), ""
        warned = (*found.warnings, *(bad for p in found.parts for bad in markup.bad_formulas(p)))
        title, parts = _titled(found.parts, path.stem)
        return Note(
            path=path,
            place=place,
            kind=kind,
            title=title,
            parts=parts,
            files=found.files,
            warnings=(front.problem, *warned) if front.problem else warned,
            about=front.about,
            about_line=front.line,
            leads=tuple(dict.fromkeys(a for p in parts for a in markup.addresses(p))),
            leaks=found.leaks,
            run=day,
        )

    def _notebook(self, path: Path, source: bytes) -> tuple[notebook.Pages, front.Front, str]:
        """The notebook's pages, from its executed copy when there is one of this very source."""
        done = executed.of(self.cache, source)
        try:
            found = notebook.convert(done.source if done else source, self.cache)
        except raw.BrokenNotebook as error:
            raise NoteError(
                f"{path}: not a notebook that can be read: {error}. "
                "Open it in Jupyter and save it again, or move it away."
            ) from error
        spilt = tuple(f"{path}: {leak}" for leak in found.leaks)
        about = front.of_metadata(raw.metadata(source))
        return replace(found, leaks=spilt), about, done.day if done else ""

    def _bytes(self, path: Path) -> bytes:
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.folder)):
            raise NoteError(f"{path}: a link that leaves the notes; put the file itself here.")
        if not path.is_file():
            raise NoteError(f"{path}: not a file; move it away.")
        try:
            return path.read_bytes()
        except OSError as error:
            raise NoteError(f"{path}: cannot be read ({error.strerror or error}).") from error


def _front(path: Path, text: str) -> front.Front:
    """What a Markdown note says of itself; a fault in it is told with its line."""
    found = front.read(markup.front_matter(text)) if text.startswith("---") else front.Front()
    if not found.problem:
        return found
    return replace(found, problem=f"line {found.line}: {found.problem}; correct it")


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NoteError(f"{path}:{line}: not UTF-8; save the file as UTF-8.") from error


def _titled(parts: tuple[str, ...], stem: str) -> tuple[str, tuple[str, ...]]:
    """The note's title, and its parts without the heading that it came from."""
    first = parts[0] if parts else ""
    named = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", markup.front_matter(first), re.MULTILINE)
    tops = [h for part in parts for h in markup.headings(part) if h.level == 1]
    if len(tops) == 1 and (rest := _without_title(first)) is not None:
        return tops[0].content, (rest, *parts[1:])
    words = stem.replace("_", " ").replace("-", " ").strip()
    return markup.without_controls(named[1] if named else words) or "Untitled", parts


def _without_title(part: str) -> str | None:
    """The part without the top heading that opens it; None when something else does."""
    lines = markup.without_controls(part)
    span = markup.opening_heading(lines)
    return None if span is None else "".join(lines.splitlines(keepends=True)[span:])
