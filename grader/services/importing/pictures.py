"""The pictures of a journal: where each lies, and where its copy goes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from grader.base.paths import Workspace
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.files.kinds import PICTURES
from grader.learner.importer.files.names import clean_folder, clean_picture, show_name
from grader.learner.importer.links import pictures
from grader.learner.importer.text.pieces import add_definitions
from grader.services.importing.files import ImportFile
from grader.services.importing.folder import find_home
from grader.services.importing.targets import ImportTarget

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


class PictureFinder:
    """Finds the pictures of an import's journals, each with one copy, whatever shows it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._copies: dict[tuple[str, str], Path] = {}
        self._taken: dict[Path, bytes] = {}

    def find(self, source: ImportFile, found: JournalContents) -> Iterator[ImportPicture]:
        """Yield the journal's pictures; equal names of different pictures are kept apart."""
        for address, line in found.pictures:
            file = source.folder.find_file(source.path, address)
            path = file or source.path.parent / pictures.decode_path(address)
            real, group = os.path.realpath(path), self._choose_group(source)
            if copy := self._copies.get((group, real)):
                yield ImportPicture(address, line, path, copy)
                continue
            data, why = _read_picture(source, path)
            if data is None:
                yield ImportPicture(address, line, path, None, why)
                continue
            copy = self._choose_copy(source, path, data)
            self._copies[group, real] = copy
            yield ImportPicture(address, line, path, copy)

    def _choose_group(self, source: ImportFile) -> str:
        """Return what shares its copies: a folder, or one file."""
        return str(source.folder.root) if source.folder.is_given else source.slug

    def _choose_copy(self, source: ImportFile, path: Path, data: bytes) -> Path:
        """Return where the copy goes: in a folder as it lies there, else beside the note."""
        folder = self.workspace.imported / source.slug
        if source.folder.is_given:
            below = os.path.relpath(os.path.realpath(path.parent), _get_real_root(source))
            parts = (
                []
                if below == "."
                else [clean_folder(show_name(part)) for part in Path(below).parts]
            )
            folder = self.workspace.imported.joinpath(*filter(None, parts))
        return _choose_name(path, data, self._taken, folder)


def list_due(
    every: Sequence[ImportPicture], targets: Sequence[ImportTarget], found: JournalContents
) -> Iterator[ImportPicture]:
    """Yield the pictures that a new piece shows."""
    pieces = [one.piece.text for target in targets for one in target.pieces]
    pieces += [update.piece.text for target in targets for update in target.updates]
    text = "\n".join(add_definitions(piece, found.definitions) for piece in pieces) if every else ""
    text = f"{text}\n{unquote(text)}"
    for picture in every:
        names = {picture.address, pictures.decode_path(picture.address)}
        if picture.copy is not None and any(name in text for name in names):
            yield picture


def _get_real_root(source: ImportFile) -> str:
    return os.path.realpath(source.folder.root)


def _read_picture(source: ImportFile, path: Path) -> tuple[bytes | None, str]:
    """Return the picture's bytes, or why it is not copied."""
    if path.suffix.lower() not in PICTURES:
        return None, "is not a picture that the site can show; its address is kept"
    real = Path(os.path.realpath(path))
    if not source.folder.contains(real) and not find_home(source.path).contains(real):
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


def _choose_name(path: Path, data: bytes, taken: dict[Path, bytes], folder: Path) -> Path:
    """Return a path that no other picture has, here or from an import before."""
    stem, ending = clean_picture(path.stem), path.suffix.lower()
    there = folder / f"{stem}{ending}"
    held = there.read_bytes() if there.is_file() else data
    if taken.setdefault(there, held) != data:
        there = folder / f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}{ending}"
    return there
