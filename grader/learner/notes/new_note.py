"""A new note: its file's name and its first lines, written without ever replacing a file."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from grader.base.errors import NoteError, UsageError
from grader.base.files import create_file
from grader.learner.notes import markup
from grader.learner.notes.folder import Notes
from grader.learner.notes.note import NoteKind

_NAME_BYTES = 80
"""The most bytes of a name, so that it fits any file system together with its ending."""

_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows reserves for devices."""
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class CreatedNote:
    """Where the note of that title lies, and True if it is new."""

    path: Path
    fresh: bool


def create_note(
    notes: Notes, title: str, about: tuple[str, ...], kind: NoteKind, day: date | None = None
) -> CreatedNote:
    """Create a note, dated if a day is given; one of this kind and title is left as it is."""
    title = " ".join(_DIRECTION_MARKS.sub("", markup.remove_controls(title)).split())
    if not title:
        raise UsageError('a note needs a title, as in grade note "Why divide by the root of d"')
    write = _write_notebook if kind == "notebook" else _write_markdown
    data = write(title, about, day)
    suffix = ".ipynb" if kind == "notebook" else ".md"
    try:
        for name in _number_names(make_slug(title)):
            path = notes.folder / f"{name}{suffix}"
            if create_file(path, data):
                return CreatedNote(path, fresh=True)
            if notes.read_title(path).title == title:
                return CreatedNote(path, fresh=False)
    except OSError as error:
        why = error.strerror or str(error)
        raise NoteError(f"{notes.folder}: cannot be written ({why}); make it writable.") from error
    raise AssertionError("there is always another name")


def make_slug(title: str) -> str:
    """Return the title as a file's name that is valid on any file system."""
    name = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title).lower()).strip("-")
    name = name.encode()[:_NAME_BYTES].decode(errors="ignore").strip("-") or "note"
    return f"{name}-note" if is_device_name(name) else name


def is_device_name(name: str) -> bool:
    """Return True if Windows reserves the name for a device."""
    return _DEVICES.fullmatch(name) is not None


def _number_names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _write_markdown(title: str, about: tuple[str, ...], day: date | None) -> bytes:
    names = about[0] if len(about) == 1 else f"[{', '.join(about)}]"
    lines = [f"about: {names}\n"] * bool(about) + [f"date: {day}\n"] * bool(day)
    matter = f"---\n{''.join(lines)}---\n\n" if lines else ""
    return f"{matter}# {_write_heading(title)}\n".encode()


def _write_notebook(title: str, about: tuple[str, ...], day: date | None) -> bytes:
    own: dict[str, object] = {"about": list(about)} if about else {}
    own |= {"date": day.isoformat()} if day else {}
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "source": [f"# {_write_heading(title)}"]},
        {"cell_type": "code", "execution_count": None, "outputs": [], "source": []},
    ]
    whole = {
        "cells": [{"id": secrets.token_hex(4), "metadata": {}, **cell} for cell in cells],
        "metadata": {
            **({"groundwork": own} if own else {}),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _write_heading(title: str) -> str:
    """Return the title as a heading, escaped if it contains Markdown."""
    if [heading.words for heading in markup.list_headings(f"# {title}")] == [title]:
        return title
    return re.sub(r"([\\`*_{}\[\]<>#!|~$&])", r"\\\1", title)
