"""The folder of notes: which files are notes, and their bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.base.errors import NoteError
from grader.base.files import read_file
from grader.learner.notes import notebook_file
from grader.learner.notes.executed import find_executed
from grader.learner.notes.note import KINDS, Note, NoteKind
from grader.learner.notes.note_reader import read_note, read_title
from grader.learner.utf8 import check_size


@dataclass(frozen=True, slots=True)
class Notes:
    """The learner's notes; ``cache`` is the folder for converted and executed notebooks."""

    folder: Path
    cache: Path

    def read(self) -> list[Note]:
        """Read all notes in the order of their places; a broken one says so in ``fault``."""

        def read_whole(path: Path, place: str, source: bytes) -> Note:
            return read_note(path, place, source, self.cache)

        return [self._read_with(path, read_whole) for path in self._list_paths()]

    def read_titles(self) -> list[Note]:
        """Read the title of every note and what it is about, without the rest."""
        return [self.read_title(path) for path in self._list_paths()]

    def read_title(self, path: Path) -> Note:
        """Read one note's title and what it is about."""
        return self._read_with(path, read_title)

    def read_sources(self) -> Iterator[tuple[str, NoteKind, bytes]]:
        """Yield the place, kind and bytes of each note in order; unreadable ones are left out."""
        for path in self._list_paths():
            with suppress(NoteError):
                yield self._locate(path), KINDS[path.suffix.lower()], self._read_bytes(path)

    def list_unexecuted(self) -> list[Path]:
        """Return the readable notebooks that have no executed copy."""
        notes = [note for note in self.read_titles() if note.kind == "notebook" and not note.fault]
        return [
            note.path
            for note in notes
            if find_executed(self.cache, self._read_bytes(note.path)) is None
        ]

    def _read_with(self, path: Path, read: Callable[[Path, str, bytes], Note]) -> Note:
        place = self._locate(path)
        try:
            return read(path, place, self._read_bytes(path))
        except NoteError as error:
            kind = KINDS[path.suffix.lower()]
            return Note(path, place, kind, path.stem, (), fault=str(error))

    def _list_paths(self) -> list[Path]:
        return sorted(self._walk())

    def _walk(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in files:
                if not name.startswith(".") and Path(name).suffix.lower() in KINDS:
                    yield Path(folder, name)

    def _locate(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _read_bytes(self, path: Path) -> bytes:
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.folder)):
            raise NoteError(
                f"{path}: a symbolic link to outside the notes; put the file itself here."
            )
        if not path.is_file():
            raise NoteError(f"{path}: not a file; move it away.")
        try:
            size = path.stat().st_size
            if KINDS[path.suffix.lower()] != "notebook":
                check_size(path, size)
            elif size > notebook_file.LARGEST:
                has = f"it has {size // 1_000_000} MB, too large for a page"
                raise NoteError(f"{path}: {has}. Clear its outputs, or move it away.")
            return read_file(path)
        except OSError as error:
            raise NoteError(f"{path}: cannot be read ({error.strerror or error}).") from error
