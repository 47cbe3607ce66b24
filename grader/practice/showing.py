"""The pictures of a journal: where each lies, and where its copy goes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.arrival import pictures
from grader.arrival.found import Found
from grader.practice.journals import Source
from grader.workspace import Workspace

_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a journal shows from beside it."""

    address: str
    line: int
    source: Path
    copy: Path | None = None
    """Where its copy goes; None when there can be none."""
    missing: str = ""
    """Why there can be none."""


def shown(workspace: Workspace, source: Source, found: Found) -> Iterator[Shown]:
    """The journal's pictures; equal names of different pictures are kept apart."""
    taken: dict[str, bytes] = {}
    for address, line in found.pictures:
        path = source.path.parent / pictures.path_of(address)
        data, why = _bytes(source, path)
        if data is None:
            yield Shown(address, line, path, None, why)
            continue
        folder = workspace.imported / source.slug
        yield Shown(address, line, path, folder / _name(path, data, taken, folder))


def _bytes(source: Source, path: Path) -> tuple[bytes | None, str]:
    """The picture's bytes, or why it is left."""
    if path.suffix.lower() not in pictures.KINDS:
        return None, "is no picture that a site shows; its address stays as it is"
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(_home(source.path)):
        return None, "lies outside the journal's folder and was left there"
    try:
        if not real.is_file():
            return None, "is not there; its address stays as it is"
        if real.stat().st_size > _LARGEST:
            return None, f"has more than {_LARGEST:,} bytes and was left there"
        data = real.read_bytes()
    except OSError as error:
        return None, f"cannot be read ({error.strerror or error})"
    from grader.notes.picture import refusal

    why = refusal(path.name, data)
    return (None, f"was left there: {why}") if why else (data, "")


def _home(path: Path) -> Path:
    """The folder that holds the journal: the repository, or else the file's own."""
    folder = Path(os.path.realpath(path)).parent
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), folder)


def _name(path: Path, data: bytes, taken: dict[str, bytes], folder: Path) -> str:
    """A name that no other picture has, here or from an import before."""
    stem = re.sub(r"[^\w.-]+", "-", path.stem).strip("-.") or "picture"
    name = f"{stem}{path.suffix.lower()}"
    there = folder / name
    held = there.read_bytes() if there.is_file() else data
    if taken.setdefault(name, held) != data:
        name = f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix.lower()}"
    return name
