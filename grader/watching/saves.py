"""What is saved, as it happens: told by the system where it tells, and else by the clock.

Each sign of life in the folder, and a clock, only make ``Folder`` look.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from grader.watching.folder import Folder, Seen, Stamp, stamp_of
from grader.workspace import Workspace

STEP = 8
"""Milliseconds without a change after which a burst of changes is over."""
LOOK = 0.25
"""Seconds between two looks that nothing gave cause for."""
COURSE = (".py", ".yml", ".md")
"""What the course's own files end in."""


def follow(folder: Folder, stop: Event, poll: bool) -> Iterator[Seen]:
    """Each thing that is saved after the folder's first look, until ``stop`` is set."""
    from grader.watching.mounts import silent_here

    exercises, course = folder.workspace.root / "exercises", _Course(folder.workspace)
    why = "" if poll else silent_here(exercises)
    if why:
        yield Seen(silent=f"exercises/ lies on {why}, which tells of no change: it is polled")
    for _ in _signs(exercises, stop, poll or bool(why)):
        seen = folder.look()
        if seen:
            yield seen
        if course.changed():
            yield Seen(course=True)


def _signs(folder: Path, stop: Event, poll: bool) -> Iterator[None]:
    """Something may have changed: told by the system, or by the clock."""
    while not stop.is_set():
        if poll or not folder.is_dir():
            yield None
            stop.wait(LOOK)
        else:
            try:
                yield from _events(folder, stop)
            except OSError:  # no such folder any more, or the system watches too many
                yield None
                stop.wait(LOOK)


def _events(folder: Path, stop: Event) -> Iterator[None]:
    """What the system tells of one folder, as long as it is the same folder."""
    from watchfiles import watch

    same = _inode(folder)
    told = watch(
        folder,
        watch_filter=None,
        debounce=60,
        step=STEP,
        rust_timeout=int(LOOK * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
    )
    for _ in told:
        yield None
        if _inode(folder) != same:
            return


def _inode(folder: Path) -> int | None:
    stamp = stamp_of(folder)
    return stamp[2] if stamp else None


class _Course:
    """The course's own files, looked at once a second."""

    def __init__(self, workspace: Workspace) -> None:
        self._tops = (workspace.curriculum, workspace.root / "solutions")
        self._stamps, self._at = self._look(), time.monotonic()

    def changed(self) -> bool:
        """Whether a file was changed, made or taken away since the last look."""
        if time.monotonic() - self._at < 1.0:
            return False
        before, self._stamps, self._at = self._stamps, self._look(), time.monotonic()
        return before != self._stamps

    def _look(self) -> frozenset[tuple[str, Stamp | None]]:
        return frozenset(
            (str(path), stamp_of(path))
            for top in self._tops
            for home, _, names in os.walk(top)
            for path in (Path(home, name) for name in names if name.endswith(COURSE))
        )
