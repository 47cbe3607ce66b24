"""Files that survive: one writer at a time, whole or not at all, backed up, never deleted."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import RecordsError
from grader.lock import locked

LOCK_SECONDS = 30.0
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class Keep:
    """The folder ``.keep`` beside the records, and how files of the records are written."""

    def __init__(self, folder: Path, patience: float = LOCK_SECONDS) -> None:
        self.folder = folder
        self._patience = patience
        self._own = folder / ".keep"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the records' lock; one writer at a time, across processes."""
        lock = self._own / "lock"
        with ExitStack() as held:
            with _told(lock):
                _make_folder(self._own)
                try:
                    held.enter_context(locked(lock, self._patience))
                except TimeoutError:
                    raise RecordsError(
                        f"{lock}: another process has held the records for {self._patience:g} "
                        "seconds; nothing was written. End that process, then try again."
                    ) from None
            self._hide()
            yield

    def read(self, path: Path) -> bytes | None:
        """The file's bytes, or None when there is no such file."""
        with _told(path):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def sizes(self, folder: Path) -> dict[str, int]:
        """The size of each JSON file in a folder, by its name without the ending."""
        with _told(folder):
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
        with _told(path):
            if path.exists() and not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "the file is read-only")
            newest, older = self.backups(path)
            if newest.exists():
                newest.replace(older)
            self._place(newest, raw)
            _make_folder(path.parent)
            self._place(path, raw, durable=True)

    def backups(self, path: Path) -> tuple[Path, Path]:
        """Where the newest backup of a file lies, and the one before it."""
        name = "-".join(path.relative_to(self.folder).parts)
        return self._own / f"{name}.1", self._own / f"{name}.2"

    def set_aside(self, path: Path, raw: bytes, why: str) -> Path:
        """Keep a copy of a file's bytes under a name that says why and when."""
        stem = f"{path.name}.{why}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        aside, count = self._own / stem, 1
        with _told(aside):
            while aside.exists():
                aside, count = self._own / f"{stem}-{count}", count + 1
            self._place(aside, raw, durable=True)
        return aside

    def _hide(self) -> None:
        """Keep git from seeing this folder."""
        ignore = self._own / ".gitignore"
        if not ignore.exists():
            with _told(ignore):
                self._place(ignore, b"*\n")

    def _place(self, path: Path, raw: bytes, durable: bool = False) -> None:
        """Put the bytes there by one rename; only the lock's holder may call this."""
        temporary = self._own / "writing.tmp"
        try:
            with temporary.open("wb") as file:
                file.write(raw)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make renames in the folder last; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn the system's error into one that says which file and what to do."""
    try:
        yield
    except OSError as error:
        raise RecordsError(f"{path}: {error.strerror or error}; {_remedy(error.errno)}") from error


def _remedy(number: int | None) -> str:
    if number in _FULL:
        return "nothing was written. Free some disk space, then try again."
    if number in _FORBIDDEN:
        return "nothing was written. Make the file and its folder writable, then try again."
    return "nothing was written. See what is at this path, then try again."
