"""When to look at the files: on events of the system where it sends them, else by the clock.

Neither says what was saved: an event, or a tick of the clock, only makes ``ExerciseFiles`` look.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from grader.base.paths import Workspace
from grader.cli.watch.exercise_files import ExerciseFiles, FileChanges, Stamp, read_stamp

STEP = 8
"""Milliseconds without a change after which a burst of changes is over."""
LOOK = 0.25
"""Seconds between two looks that no event gave cause for."""
COURSE = (".py", ".yml", ".md")
"""What the course's own files end in."""


def follow_changes(files: ExerciseFiles, stop: Event, poll: bool) -> Iterator[FileChanges]:
    """Yield whatever changes after the first look at the files, until ``stop`` is set."""
    from grader.cli.watch.mounts import detect_silent_kind

    exercises, course = files.workspace.root / "exercises", _CourseFiles(files.workspace)
    kind = "" if poll else detect_silent_kind(exercises)
    if kind:
        why = f"exercises/ is on {kind}, which does not report changes: it is polled"
        yield FileChanges(silent=why)
    for _ in _wait_for_signs(exercises, stop, poll or bool(kind)):
        changes = files.look()
        if changes:
            yield changes
        if course.have_changed():
            yield FileChanges(course=True)


def _wait_for_signs(folder: Path, stop: Event, poll: bool) -> Iterator[None]:
    """Yield whenever something may have changed."""
    while not stop.is_set():
        if poll or not folder.is_dir():
            yield None
            stop.wait(LOOK)
        else:
            try:
                yield from _watch_folder(folder, stop)
            except OSError:  # no such folder any more, or the system watches too many: poll
                yield None
                stop.wait(LOOK)


def _watch_folder(folder: Path, stop: Event) -> Iterator[None]:
    """Yield on each event of one folder, as long as it is the same folder.

    A watch belongs to the inode. When the folder is replaced, as by ``git checkout`` or a
    restored backup, the old watch goes on without an error and reports nothing more.
    """
    from watchfiles import watch

    inode = _read_inode(folder)
    events = watch(
        folder,
        watch_filter=None,  # an editor may save by a rename from any name
        debounce=60,
        step=STEP,
        rust_timeout=int(LOOK * 1000),
        yield_on_timeout=True,  # files are looked at without an event too: one may be lost
        stop_event=stop,
        raise_interrupt=False,  # Ctrl-C is the main thread's
    )
    for _ in events:
        yield None
        if _read_inode(folder) != inode:
            return


def _read_inode(folder: Path) -> int | None:
    stamp = read_stamp(folder)
    return stamp[2] if stamp else None


class _CourseFiles:
    """The course's own files, looked at once a second."""

    def __init__(self, workspace: Workspace) -> None:
        self._tops = (workspace.curriculum, workspace.root / "solutions")
        self._stamps, self._at = self._look(), time.monotonic()

    def have_changed(self) -> bool:
        """Return whether a file was changed, made or taken away since the last look."""
        if time.monotonic() - self._at < 1.0:
            return False
        before, self._stamps, self._at = self._stamps, self._look(), time.monotonic()
        return before != self._stamps

    def _look(self) -> frozenset[tuple[str, Stamp | None]]:
        return frozenset(
            (str(path), read_stamp(path))
            for top in self._tops
            for home, _, names in os.walk(top)
            for path in (Path(home, name) for name in names if name.endswith(COURSE))
        )
