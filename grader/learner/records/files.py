"""Files that survive: one writer at a time, whole or not at all, backed up, never deleted."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from grader.base.errors import RecordsError
from grader.base.files import make_folder, read_file, suggest_remedy, write_file
from grader.base.lock import hold_lock

LOCK_SECONDS = 30.0


class RecordFiles:
    """The folder ``.keep`` beside the records, and how files of the records are written."""

    def __init__(self, folder: Path, patience: float = LOCK_SECONDS) -> None:
        self.folder = folder
        self._patience = patience
        self._own = folder / ".keep"

    @contextmanager
    def hold_lock(self) -> Iterator[None]:
        """Hold the records' lock within: one writer at a time, across processes."""
        lock = self._own / "lock"
        with ExitStack() as held:
            with _explain_errors(lock):
                make_folder(self._own)
                try:
                    held.enter_context(hold_lock(lock, self._patience))
                except TimeoutError:
                    raise RecordsError(
                        f"{lock}: another process has locked the records for {self._patience:g} "
                        "seconds; nothing was written. End that process, then try again."
                    ) from None
            self._hide()
            yield

    def read(self, path: Path) -> bytes | None:
        """Return the file's bytes, or None when there is no such file."""
        with _explain_errors(path):
            try:
                return read_file(path)
            except FileNotFoundError:
                return None

    def read_sizes(self, folder: Path) -> dict[str, int]:
        """Return the size of each JSON file in a folder, by its name without the ending."""
        with _explain_errors(folder):
            try:
                with os.scandir(folder) as entries:
                    return {
                        e.name[:-5]: e.stat().st_size for e in entries if e.name[-5:] == ".json"
                    }
            except FileNotFoundError:
                return {}

    def write(self, path: Path, raw: bytes) -> None:
        """Write backup and file, each whole or not at all; the file is then on the disk.

        The backup comes first, so that a full disk leaves the file as it was.
        """
        with _explain_errors(path):
            if path.exists() and not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "the file is read-only")
            newest, older = self.name_backups(path)
            if newest.exists():
                newest.replace(older)
            self._place(newest, raw)
            self._place(path, raw, durable=True)

    def name_backups(self, path: Path) -> tuple[Path, Path]:
        """Return where the newest backup of a file lies, and the one before it."""
        name = "-".join(path.relative_to(self.folder).parts)
        return self._own / f"{name}.1", self._own / f"{name}.2"

    def set_aside(self, path: Path, raw: bytes, why: str) -> Path:
        """Write a copy of a file's bytes under a name that says why and when."""
        stem = f"{path.name}.{why}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        aside, count = self._own / stem, 1
        with _explain_errors(aside):
            while aside.exists():
                aside, count = self._own / f"{stem}-{count}", count + 1
            self._place(aside, raw, durable=True)
        return aside

    def _hide(self) -> None:
        """Have git ignore this folder."""
        ignore = self._own / ".gitignore"
        if not ignore.exists():
            with _explain_errors(ignore):
                self._place(ignore, b"*\n")

    def _place(self, path: Path, raw: bytes, durable: bool = False) -> None:
        """Write one file in one step; only the lock's holder may call this.

        All writers share one temporary file, so that a kill leaves at most one behind.
        """
        write_file(path, raw, sync=durable, temporary=self._own / "writing.tmp")


@contextmanager
def _explain_errors(path: Path) -> Iterator[None]:
    """Turn the system's error into one that says which file and what to do."""
    try:
        yield
    except OSError as error:
        remedy = suggest_remedy(error) or "Check what is at this path, then try again."
        raise RecordsError(
            f"{path}: {error.strerror or error}; nothing was written. {remedy}"
        ) from error
