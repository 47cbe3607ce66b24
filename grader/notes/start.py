"""A new note: its file's name and its first words, written without ever replacing a file."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from grader.errors import NoteError, UsageError
from grader.notes import markup
from grader.notes.note import Kind, Notes

_BYTES = 80
"""Of a name, so that it fits any file system, with its ending."""

_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Started:
    """Where the note of that title lies, and whether it is new."""

    path: Path
    fresh: bool


def start(notes: Notes, title: str, about: tuple[str, ...], kind: Kind) -> Started:
    """Make the note; one of this kind with this very title is left as it is and told."""
    title = " ".join(_TURNS.sub("", markup.without_controls(title)).split())
    if not title:
        raise UsageError('a note needs a title, as in grade note "Why divide by the root of d"')
    data = _notebook(title, about) if kind == "notebook" else _markdown(title, about)
    suffix = ".ipynb" if kind == "notebook" else ".md"
    try:
        notes.folder.mkdir(parents=True, exist_ok=True)
        for name in _names(slug(title)):
            path = notes.folder / f"{name}{suffix}"
            if _create(path, data):
                return Started(path, fresh=True)
            if notes.brief(path).title == title:
                return Started(path, fresh=False)
    except OSError as error:
        why = error.strerror or str(error)
        raise NoteError(f"{notes.folder}: cannot be written ({why}); make it writable.") from error
    raise AssertionError("there is always another name")


def slug(title: str) -> str:
    """The title as a file's name that any file system can hold."""
    name = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", title).lower()).strip("-")
    name = name.encode()[:_BYTES].decode(errors="ignore").strip("-") or "note"
    return f"{name}-note" if _DEVICES.fullmatch(name) else name


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _create(path: Path, data: bytes) -> bool:
    """Write a file that nobody sees half-written; False when there is one already."""
    fresh = path.with_name(f".{secrets.token_hex(6)}.new")
    fresh.write_bytes(data)
    try:
        os.link(fresh, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        return _created(path, data)
    finally:
        fresh.unlink()
    return True


def _created(path: Path, data: bytes) -> bool:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return False
    return True


def _markdown(title: str, about: tuple[str, ...]) -> bytes:
    named = about[0] if len(about) == 1 else f"[{', '.join(about)}]"
    matter = f"---\nabout: {named}\n---\n\n" if about else ""
    return f"{matter}# {_heading(title)}\n".encode()


def _notebook(title: str, about: tuple[str, ...]) -> bytes:
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "source": [f"# {_heading(title)}"]},
        {"cell_type": "code", "execution_count": None, "outputs": [], "source": []},
    ]
    whole = {
        "cells": [{"id": secrets.token_hex(4), "metadata": {}, **cell} for cell in cells],
        "metadata": {
            **({"groundwork": {"about": list(about)}} if about else {}),
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _heading(title: str) -> str:
    """The title as a heading that reads as it was typed."""
    if [block.content for block in markup.headings(f"# {title}")] == [title]:
        return title
    return re.sub(r"([\\`*_{}\[\]<>()#!|~$&])", r"\\\1", title)
