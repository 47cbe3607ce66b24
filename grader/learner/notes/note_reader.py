"""Reads one note from its bytes; ``NoteError`` says what is wrong with it and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from grader.base.errors import NoteError
from grader.learner.notes import markup, notebook, notebook_file
from grader.learner.notes.executed import find_executed
from grader.learner.notes.front_matter import FrontMatter, parse_front_matter, read_metadata
from grader.learner.notes.note import KINDS, Note
from grader.learner.utf8 import decode_utf8


@dataclass(frozen=True, slots=True)
class _Content:
    """What a note of either kind holds: Markdown in parts with pictures, and its front matter."""

    converted: notebook.ConvertedNotebook
    front: FrontMatter = field(default_factory=FrontMatter)
    run: str = ""


def read_note(path: Path, place: str, source: bytes, cache: Path) -> Note:
    """Read a whole note; ``cache`` holds converted and executed notebooks."""
    kind = KINDS[path.suffix.lower()]
    if kind == "notebook":
        content = _read_notebook(path, source, cache)
    else:
        content = _read_markdown(path, source)
    converted, front = content.converted, content.front
    title, parts = _split_title(converted.parts, path.stem)
    faults = (fault for part in converted.parts for fault in markup.list_formula_faults(part))
    return Note(
        path=path,
        place=place,
        kind=kind,
        title=title,
        parts=parts,
        files=converted.files,
        warnings=(*filter(None, [front.problem]), *converted.warnings, *faults),
        about=front.about,
        about_line=front.line,
        tags=front.tags,
        hashtags=tuple(dict.fromkeys(t for part in parts for t in markup.list_hashtags(part))),
        date=front.date,
        links=tuple(dict.fromkeys(a for part in parts for a in markup.list_addresses(part))),
        leaks=converted.leaks,
        run=content.run,
    )


def read_title(path: Path, place: str, source: bytes) -> Note:
    """Read a note's title and what it is about; no notebook is converted for it."""
    kind = KINDS[path.suffix.lower()]
    if kind == "notebook":
        try:
            parts = notebook_file.read_markdown(source)
        except notebook_file.BrokenNotebook as error:
            _raise_broken(path, error)
        front = read_metadata(notebook_file.read_metadata(source))
    else:
        text = decode_utf8(path, source)
        parts, front = (text,), _read_front_matter(text)
    return Note(path, place, kind, _split_title(parts, path.stem)[0], (), about=front.about)


def _read_markdown(path: Path, source: bytes) -> _Content:
    text = decode_utf8(path, source)
    leaks = tuple(f"{path}:{line}: {words}" for line, words in markup.list_leaks(text))
    return _Content(notebook.ConvertedNotebook((text,), leaks=leaks), _read_front_matter(text))


def _read_notebook(path: Path, source: bytes, cache: Path) -> _Content:
    """Convert a notebook, or its executed copy if there is one of exactly this source."""
    copy = find_executed(cache, source)
    try:
        converted = notebook.convert(copy.source if copy else source, cache)
    except notebook_file.BrokenNotebook as error:
        _raise_broken(path, error)
    leaks = tuple(f"{path}: {leak}" for leak in converted.leaks)
    front = read_metadata(notebook_file.read_metadata(source))
    return _Content(replace(converted, leaks=leaks), front, copy.day if copy else "")


def _raise_broken(path: Path, error: notebook_file.BrokenNotebook) -> NoReturn:
    raise NoteError(
        f"{path}: not a notebook that can be read: {error}. "
        "Open it in Jupyter and save it again, or move it away."
    ) from error


def _read_front_matter(text: str) -> FrontMatter:
    """Return what a Markdown note says of itself; a problem comes with its line."""
    if not text.startswith("---"):
        return FrontMatter()
    front = parse_front_matter(markup.find_front_matter(text))
    if not front.problem:
        return front
    return replace(front, problem=f"line {front.line}: {front.problem}; correct it")


def _split_title(parts: tuple[str, ...], stem: str) -> tuple[str, tuple[str, ...]]:
    """Return the note's title, and its parts without the heading that it came from.

    The title is the one top heading, if the note begins with it; else ``title`` in the front
    matter, else the file's name. With several top headings none is the title.
    """
    first = parts[0] if parts else ""
    matter = markup.find_front_matter(first)
    named = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", matter, re.MULTILINE)
    tops = [h for part in parts for h in markup.list_headings(part) if h.level == 1]
    if len(tops) == 1 and (rest := _cut_title(first)) is not None:
        return tops[0].words, (rest, *parts[1:])
    words = stem.replace("_", " ").replace("-", " ").strip()
    return markup.remove_controls(named[1] if named else words) or "Untitled", parts


def _cut_title(part: str) -> str | None:
    """Return the part without the top heading that it begins with; None without one."""
    text = markup.remove_controls(part)
    end = markup.find_title_end(text)
    return None if end is None else "".join(text.splitlines(keepends=True)[end:])
