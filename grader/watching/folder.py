"""The learner's files, looked at again and again: whose content has changed since.

An editor saves in many ways: in place, by a rename, through backup and swap files, in two steps.
None of them is told apart here: a save is where the content of an exercise's own file has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from grader.workspace import Workspace

EMPTY = 0.3
"""Seconds for which an empty file is taken for a save that is half done."""
GONE = 1.0
"""Seconds after which a missing file is missing, and no rename under way."""
YOUNG = 3.0
"""Seconds for which a changed file is read at each look: clocks of file systems are coarse."""

LARGEST = 1 << 20
"""Bytes of a file that are compared: no exercise is longer."""

Stamp = tuple[int, int, int]
Ids = Callable[[], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found."""

    saved: tuple[str, ...] = ()
    """Exercises whose content has changed."""
    touched: tuple[str, ...] = ()
    """Exercises that were written again as they were."""
    gone: tuple[str, ...] = ()
    """Exercises whose file is missing, told once."""
    course: bool = False
    """Whether a file of the course has changed."""
    silent: str = ""
    """Why files are polled, told once."""

    def __bool__(self) -> bool:
        return bool(self.saved or self.touched or self.gone or self.course or self.silent)


@dataclass(slots=True)
class _File:
    """What is remembered of one exercise's file."""

    stamp: Stamp | None = None
    content: str = ""
    changed: float = float("-inf")
    """When its stamp was last seen to change."""
    missing: float | None = None
    """Since when there is no such file, or an empty one."""
    told: bool = False
    """Whether it was told to be gone."""


@dataclass(slots=True)
class Folder:
    """The learner's files, looked at again and again."""

    workspace: Workspace
    ids: Ids
    _files: dict[str, _File] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> Seen:
        """What has changed since the last look; a file seen for the first time has not."""
        now = time.monotonic()
        found: dict[str, list[str]] = {"saved": [], "touched": [], "gone": []}
        for exercise in self.ids():
            known = exercise in self._files
            file = self._files.setdefault(exercise, _File())
            word = _compared(file, self.workspace.stub(exercise), now)
            if word and known:
                found[word].append(exercise)
        return Seen(tuple(found["saved"]), tuple(found["touched"]), tuple(found["gone"]))


def _compared(file: _File, path: Path, now: float) -> str:
    """Look at one file: ``saved``, ``touched``, ``gone``, or nothing new."""
    stamp = stamp_of(path)
    if stamp is None:
        file.stamp, file.missing = None, now if file.missing is None else file.missing
        lost = not file.told and bool(file.content) and now - file.missing >= GONE
        file.told = file.told or lost
        return "gone" if lost else ""
    fresh = stamp != file.stamp
    if fresh:
        file.changed = now
    elif now - file.changed > YOUNG:
        return ""
    content = _content(path)
    if not content:
        file.missing = now if file.missing is None else file.missing
        if now - file.missing < EMPTY:
            return ""
    was, back = file.content, file.told
    file.stamp, file.content, file.told = stamp, content, False
    file.missing = None if content else file.missing
    if content != was or back:
        return "saved"
    return "touched" if fresh else ""


def stamp_of(path: Path) -> Stamp | None:
    """What of a file's state tells that it was written; None where there is no file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _content(path: Path) -> str:
    """A hash of the file's bytes; empty where it has none yet."""
    try:
        if not path.is_file():
            return "not a file"
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"unreadable: {error.errno}"
    return sha256(data).hexdigest() if data else ""
