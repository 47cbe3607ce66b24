"""The daily log: one Markdown file a day, ``YYYY-MM-DD.md``, in the learner's own words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from grader.errors import NoteError
from grader.lock import locked

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

LOCK_SECONDS = 30.0

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.md")
_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system commands: titles, links
    r"|[\x1b\x9b]\[?[0-?]*[ -/]*[@-~]"  # colours, cursor, all other sequences
)
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text around them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the learner wrote on one day."""

    day: date
    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The folder of the daily log."""

    folder: Path

    def path(self, day: date) -> Path:
        """The file of that day, whether it exists or not."""
        return self.folder / f"{day.isoformat()}.md"

    def add(self, day: date, text: str) -> Path:
        """Append one item to the day's file and keep every byte that is already there."""
        item = _item(text)
        path = self.path(day)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / ".lock", LOCK_SECONDS):
                before = self._bytes(path) if os.path.lexists(path) else b""
                put(Path(os.path.realpath(path)), before + _after(before, day, item))
        except OSError as error:
            raise NoteError(f"{path}: cannot be written ({_why(error)}); {_WRITABLE}") from error
        return path

    def add_block(self, day: date, block: str) -> Path:
        """Append Markdown as it is to the day's file and keep every byte that is already there."""
        path = self.path(day)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / ".lock", LOCK_SECONDS):
                before = self._bytes(path) if os.path.lexists(path) else b""
                added = appended(before, f"# {title(day)}\n", plain(block))
                put(Path(os.path.realpath(path)), before + added)
        except OSError as error:
            raise NoteError(f"{path}: cannot be written ({_why(error)}); {_WRITABLE}") from error
        return path

    def start(self, day: date) -> Path:
        """The day's file, made with its heading when there is none yet."""
        path = self.path(day)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / ".lock", LOCK_SECONDS):
                if not os.path.lexists(path):
                    put(path, f"# {title(day)}\n".encode())
        except OSError as error:
            raise NoteError(f"{path}: cannot be written ({_why(error)}); {_WRITABLE}") from error
        return path

    def read(self, day: date) -> Entry | None:
        """The entry of that day; None when there is none."""
        path = self.path(day)
        return Entry(day, path, self._text(path)) if os.path.lexists(path) else None

    def entries(self) -> list[Entry]:
        """All entries that can be read, newest first."""
        return [found for found in self._scan() if isinstance(found, Entry)]

    def days(self) -> list[date]:
        """The days that have an entry, newest first."""
        return [entry.day for entry in self.entries()]

    def named(self) -> list[date]:
        """The days that have a file, oldest first, by the files' names alone: none is read."""
        try:
            with os.scandir(self.folder) as found:
                names = [one.name for one in found if _NAME.fullmatch(one.name) and one.is_file()]
        except OSError:
            return []
        return sorted(day for name in names if (day := _date(name)) is not None)

    def last(self, n: int) -> list[Entry]:
        """The newest ``n`` entries."""
        return self.entries()[:n]

    def seen(self) -> tuple[list[Entry], list[str]]:
        """All entries, newest first, and what is no entry, from one look at the folder."""
        found = list(self._scan())
        return [e for e in found if isinstance(e, Entry)], [p for p in found if isinstance(p, str)]

    def problems(self) -> list[str]:
        """What in the folder is no entry, each with its path and what to do."""
        return [found for found in self._scan() if isinstance(found, str)]

    def _scan(self) -> Iterator[Entry | str]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir(), reverse=True):
            if not path.name.startswith("."):
                yield self._found(path)

    def _found(self, path: Path) -> Entry | str:
        try:
            entry = Entry(_day(path), path, self._text(path))
        except NoteError as error:
            return str(error)
        return entry if entry.text.strip() else f"{path}: empty; write in it or delete it."

    def _text(self, path: Path) -> str:
        return _decoded(path, self._bytes(path))

    def _bytes(self, path: Path) -> bytes:
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.folder)):
            raise NoteError(f"{path}: a link that leaves the log; put the file itself here.")
        if not path.is_file():
            raise NoteError(f"{path}: not a file, though named like a day's; move it away.")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise NoteError(f"{path}: cannot be read ({_why(error)}); {_READABLE}") from error
        _decoded(path, data)
        return data


_WRITABLE = "make the folder writable."
_READABLE = "make the file readable or move it away."


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def title(day: date) -> str:
    """The day in words: ``Sunday, 22 November 2026``, whatever the locale."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def plain(text: str) -> str:
    """The text without escape sequences and control characters; lines end in ``\\n``."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _HARMFUL.sub("", text)


def _day(path: Path) -> date:
    remedy = "rename it to YYYY-MM-DD.md or move it to docs/notes."
    if not _NAME.fullmatch(path.name):
        raise NoteError(f"{path}: not the name of a day; {remedy}")
    try:
        return date.fromisoformat(path.stem)
    except ValueError as error:
        raise NoteError(f"{path}: no such day in the calendar; {remedy}") from error


def _date(name: str) -> date | None:
    try:
        return date.fromisoformat(name.removesuffix(".md"))
    except ValueError:
        return None


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NoteError(f"{path}:{line}: not UTF-8; save the file as UTF-8.") from error


def _item(text: str) -> str:
    first, *rest = plain(text).strip().split("\n")
    if not first:
        raise NoteError('Nothing to log. Say what you did: grade log "read the BPE paper"')
    return "\n".join([f"- {first}", *(f"  {line}".rstrip() for line in rest)])


def _after(before: bytes, day: date, item: str) -> bytes:
    """What to append to the file so that the item stands as an item of its own."""
    text = before.decode("utf-8-sig")
    if not text.strip():
        added = f"# {title(day)}\n\n{item}\n"
    else:
        added = ("" if text.endswith("\n") else "\n") + _closing(text) + f"{item}\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    return added.replace("\n", newline).encode("utf-8")


def appended(before: bytes, opening: str, block: str) -> bytes:
    """What to append to a file so that a block stands by itself; a new file gets its opening."""
    text = before.decode("utf-8-sig")
    added = block.strip("\n") + "\n"
    if not text.strip():
        added = f"{opening}\n{added}" if opening else added
    else:
        unix = text.replace("\r\n", "\n")
        end = ("" if unix.endswith("\n") else "\n") + _closing(unix)
        blank = (unix + end).endswith("\n\n")
        added = end + ("" if blank else "\n") + added
    return added.replace("\n", "\r\n" if "\r\n" in text else "\n").encode("utf-8")


def _closing(text: str) -> str:
    """What must stand before an item for Markdown to see it: the end of a fence, a blank line."""
    from markdown_it import MarkdownIt

    probe = "groundwork-probe"
    lines = text if text.endswith("\n") else text + "\n"
    tokens = MarkdownIt("commonmark").parse(f"{lines}- {probe}\n")
    last = next((token for token in reversed(tokens) if probe in token.content), None)
    if last and last.type == "fence":
        return f"{last.markup}\n\n"
    if last and last.type == "html_block" and last.content.lstrip().startswith("<!--"):
        return "-->\n\n"
    if lines.endswith(("\n\n", "\r\n\r\n")):
        return ""
    lists = [token.map for token in tokens if (token.type, token.level) == ("bullet_list_open", 0)]
    return "" if any(_open_at_end(span, lines) for span in lists) else "\n"


def _open_at_end(span: list[int] | None, lines: str) -> bool:
    """Whether a block that began before the end of the text reaches past it."""
    end = lines.count("\n")
    return span is not None and span[0] < end < span[1]


def put(path: Path, data: bytes) -> None:
    """Put the bytes in place of the file in one step, so that no reader sees half of them."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        fresh.chmod(path.stat().st_mode & 0o7777)
    fresh.replace(path)
