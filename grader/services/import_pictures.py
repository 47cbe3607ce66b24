"""The pictures of a journal: where each lies, and where its copy goes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer import pictures
from grader.learner.importer.contents import JournalContents
from grader.services.import_files import ImportFile

_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class ImportPicture:
    """A picture that a journal shows from beside it."""

    address: str
    line: int
    source: Path
    copy: Path | None = None
    """Where its copy goes; None when there can be none."""
    missing: str = ""
    """Why there can be none."""


def find_pictures(
    workspace: Workspace, source: ImportFile, found: JournalContents
) -> Iterator[ImportPicture]:
    """Yield the journal's pictures; equal names of different pictures are kept apart."""
    taken: dict[str, bytes] = {}
    for address, line in found.pictures:
        path = source.path.parent / pictures.decode_path(address)
        data, why = _read_picture(source, path)
        if data is None:
            yield ImportPicture(address, line, path, None, why)
            continue
        folder = workspace.imported / source.slug
        yield ImportPicture(address, line, path, folder / _choose_name(path, data, taken, folder))


def _read_picture(source: ImportFile, path: Path) -> tuple[bytes | None, str]:
    """Return the picture's bytes, or why it is not copied."""
    if path.suffix.lower() not in pictures.KINDS:
        return None, "is not a picture that the site can show; its address is kept"
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(_find_home(source.path)):
        return None, "is outside the journal's folder and was not copied"
    try:
        if not real.is_file():
            return None, "does not exist; its address is kept"
        if real.stat().st_size > _LARGEST:
            return None, f"has more than {_LARGEST:,} bytes and was not copied"
        data = real.read_bytes()
    except OSError as error:
        return None, f"cannot be read ({error.strerror or error})"
    from grader.learner.notes.picture import explain_refusal

    why = explain_refusal(path.name, data)
    return (None, f"was not copied: {why}") if why else (data, "")


def _find_home(path: Path) -> Path:
    """Return the folder that holds the journal: the repository, or else the file's own."""
    folder = Path(os.path.realpath(path)).parent
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), folder)


def _choose_name(path: Path, data: bytes, taken: dict[str, bytes], folder: Path) -> str:
    """Return a name that no other picture has, here or from an import before."""
    stem = re.sub(r"[^\w.-]+", "-", path.stem).strip("-.") or "picture"
    name = f"{stem}{path.suffix.lower()}"
    there = folder / name
    held = there.read_bytes() if there.is_file() else data
    if taken.setdefault(name, held) != data:
        name = f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix.lower()}"
    return name
