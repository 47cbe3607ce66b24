"""The daily log: one Markdown file a day, ``YYYY-MM-DD.md``, in the learner's own words."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from grader.base.errors import NoteError
from grader.base.files import create_file, read_file, write_file
from grader.base.lock import hold_lock
from grader.learner.entry_text import (
    find_conflict,
    format_addition,
    format_block,
    format_item,
    name_day,
    strip_controls,
)
from grader.learner.log_line import sum_minutes
from grader.learner.utf8 import check_size, decode_utf8

LOCK_SECONDS = 30.0

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.md")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the learner wrote on one day."""

    day: date
    path: Path
    text: str


def sum_logged(entries: Iterable[Entry]) -> dict[date, int]:
    """Sum the minutes that are logged on each day."""
    return {entry.day: sum_minutes(entry.text) for entry in entries}


@dataclass(frozen=True, slots=True)
class Journal:
    """The folder of the daily log."""

    folder: Path

    def find_path(self, day: date) -> Path:
        """Return the file of that day, whether it exists or not."""
        return self.folder / f"{day.isoformat()}.md"

    def add(self, day: date, text: str) -> Path:
        """Append one item to the day's file and keep every byte that is already there."""
        item, path = format_item(text), self.find_path(day)
        with _name_errors(path), self._lock():
            self._append_held(path, lambda before: format_addition(before, day, item))
        return path

    def add_block_held(self, day: date, block: str) -> Path:
        """Append Markdown as it is to the day's file and keep every byte that is already there.

        The caller holds the log.
        """
        opening, block, path = f"# {name_day(day)}\n", strip_controls(block), self.find_path(day)
        with _name_errors(path):
            self._append_held(path, lambda before: format_block(before, opening, block))
        return path

    def start(self, day: date) -> Path:
        """Return the day's file, made with its heading when there is none yet."""
        path = self.find_path(day)
        with _name_errors(path), self._lock():
            create_file(path, f"# {name_day(day)}\n")
        return path

    def _append_held(self, path: Path, compose: Callable[[bytes], bytes]) -> None:
        """Append to a day's file what ``compose`` makes of its bytes; the caller holds the log."""
        before = self._read_bytes(path) if os.path.lexists(path) else b""
        if line := find_conflict(before):
            raise NoteError(
                f"{path}:{line}: git's conflict markers, so nothing was added. "
                "Settle the conflict in this file, then log again."
            )
        whole = before + compose(before)
        check_size(path, len(whole))
        write_file(Path(os.path.realpath(path)), whole)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the log's lock within: nothing else is logged meanwhile.

        An error that is raised within stays what it is. Whoever holds the lock cannot ``add``.
        """
        with ExitStack() as stack:
            with _name_errors(self.folder):
                stack.enter_context(self._lock())
            yield

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with hold_lock(self.folder / ".lock", LOCK_SECONDS):
            yield

    def read(self, day: date) -> Entry | None:
        """Return the entry of that day; None when there is none."""
        path = self.find_path(day)
        return Entry(day, path, self._read_text(path)) if os.path.lexists(path) else None

    def read_entries(self) -> list[Entry]:
        """Return all entries that can be read, newest first."""
        return [found for found in self._scan() if isinstance(found, Entry)]

    def list_days(self) -> list[date]:
        """Return the days that have an entry, newest first."""
        return [entry.day for entry in self.read_entries()]

    def list_file_days(self) -> list[date]:
        """List the days that have a file, oldest first, by the files' names alone: none is read."""
        try:
            with os.scandir(self.folder) as found:
                names = [one.name for one in found if _NAME.fullmatch(one.name) and one.is_file()]
        except OSError:
            return []
        return sorted(day for name in names if (day := _parse_date(name)) is not None)

    def read_last(self, n: int) -> list[Entry]:
        """Return the newest ``n`` entries."""
        return self.read_entries()[:n]

    def read_all(self) -> tuple[list[Entry], list[str]]:
        """Return all entries, newest first, and what is no entry, from one look at the folder."""
        found = list(self._scan())
        return [e for e in found if isinstance(e, Entry)], [p for p in found if isinstance(p, str)]

    def find_problems(self) -> list[str]:
        """Return what in the folder is no entry, each with its path and what to do."""
        return [found for found in self._scan() if isinstance(found, str)]

    def _scan(self) -> Iterator[Entry | str]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir(), reverse=True):
            if not path.name.startswith("."):
                yield self._read_file(path)

    def _read_file(self, path: Path) -> Entry | str:
        try:
            entry = Entry(_parse_day(path), path, self._read_text(path))
        except NoteError as error:
            return str(error)
        return entry if entry.text.strip() else f"{path}: empty; write in it or delete it."

    def _read_text(self, path: Path) -> str:
        return decode_utf8(path, self._read_bytes(path))

    def _read_bytes(self, path: Path) -> bytes:
        if path.is_symlink() and not _is_inside(path, self.folder):
            raise NoteError(
                f"{path}: a symbolic link to outside the log; put the file itself here."
            )
        if not path.is_file():
            raise NoteError(f"{path}: not a file, although its name is a date; move it away.")
        try:
            check_size(path, path.stat().st_size)
            data = read_file(path)
        except OSError as error:
            raise NoteError(f"{path}: cannot be read ({_explain(error)}); {_READABLE}") from error
        decode_utf8(path, data)
        return data


@contextmanager
def _name_errors(path: Path) -> Iterator[None]:
    """Turn the system's error into one that names the file."""
    try:
        yield
    except OSError as error:
        raise NoteError(f"{path}: cannot be written ({_explain(error)}); {_WRITABLE}") from error


def _is_inside(path: Path, folder: Path) -> bool:
    """Return whether a link leads to somewhere in the folder; wherever that itself may be."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


_WRITABLE = "make the folder writable."
_READABLE = "make the file readable or move it away."


def _explain(error: OSError) -> str:
    return error.strerror or str(error)


def _parse_day(path: Path) -> date:
    remedy = "rename it to YYYY-MM-DD.md or move it to docs/notes."
    if not _NAME.fullmatch(path.name):
        raise NoteError(f"{path}: its name is not a date; {remedy}")
    try:
        return date.fromisoformat(path.stem)
    except ValueError as error:
        raise NoteError(f"{path}: there is no such date; {remedy}") from error


def _parse_date(name: str) -> date | None:
    try:
        return date.fromisoformat(name.removesuffix(".md"))
    except ValueError:
        return None
