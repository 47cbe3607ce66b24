"""The learner's files, looked at again and again: whose content has changed since.

An editor saves in many ways: in place, by a rename, through backup and swap files, in two steps.
They are not told apart here: a save is where the content of an exercise's own file has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from grader.base.paths import Workspace

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
class FileChanges:
    """What one look found."""

    saved: tuple[str, ...] = ()
    """Exercises whose content has changed."""
    touched: tuple[str, ...] = ()
    """Exercises that were written again as they were."""
    gone: tuple[str, ...] = ()
    """Exercises whose file is missing, reported once."""
    course: bool = False
    """Whether a file of the course has changed."""
    silent: str = ""
    """Why files are polled, reported once."""

    def __bool__(self) -> bool:
        return bool(self.saved or self.touched or self.gone or self.course or self.silent)


@dataclass(slots=True)
class _FileState:
    """What is remembered of one exercise's file."""

    stamp: Stamp | None = None
    content: str = ""
    """A hash of what was last read."""
    changed: float = float("-inf")
    """When its stamp was last seen to change."""
    missing: float | None = None
    """Since when there is no such file, or an empty one."""
    reported: bool = False
    """Whether it was reported as gone."""


@dataclass(slots=True)
class ExerciseFiles:
    """The learner's files and what is remembered of each."""

    workspace: Workspace
    list_ids: Ids
    _files: dict[str, _FileState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> FileChanges:
        """Return what has changed since the last look; what is seen for the first time has not."""
        now = time.monotonic()
        found: dict[str, list[str]] = {"saved": [], "touched": [], "gone": []}
        for exercise in self.list_ids():
            known = exercise in self._files
            file = self._files.setdefault(exercise, _FileState())
            change = _compare(file, self.workspace.locate_stub(exercise), now)
            if change and known:
                found[change].append(exercise)
        return FileChanges(tuple(found["saved"]), tuple(found["touched"]), tuple(found["gone"]))


def _compare(file: _FileState, path: Path, now: float) -> str:
    """Look at one file: return ``saved``, ``touched``, ``gone``, or nothing new."""
    stamp = read_stamp(path)
    if stamp is None:
        # An editor that saves by renaming leaves a moment without a file: wait before it is gone.
        file.stamp, file.missing = None, now if file.missing is None else file.missing
        lost = not file.reported and bool(file.content) and now - file.missing >= GONE
        file.reported = file.reported or lost
        return "gone" if lost else ""
    fresh = stamp != file.stamp
    if fresh:
        file.changed = now
    elif now - file.changed > YOUNG:
        return ""
    # Read also with an unchanged stamp while the file is young: two saves within one tick of the
    # file system's clock have the same time, and may have the same length.
    content = _hash_content(path)
    if not content:
        # Some editors truncate first and write then: an empty file may be half a save.
        file.missing = now if file.missing is None else file.missing
        if now - file.missing < EMPTY:
            return ""
    was, back = file.content, file.reported
    file.stamp, file.content, file.reported = stamp, content, False
    file.missing = None if content else file.missing
    if content != was or back:
        return "saved"
    return "touched" if fresh else ""


def read_stamp(path: Path) -> Stamp | None:
    """Return what shows that a file was written: time, size and inode; None without a file.

    The inode, because a file that was renamed into place may have an older time.
    """
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _hash_content(path: Path) -> str:
    """Return a hash of the file's bytes; empty where it has none yet."""
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
