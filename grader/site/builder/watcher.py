"""Watches the files that pages are rendered from, by their times and sizes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.base.paths import Workspace

INTERVAL = 0.2
"""Seconds between two snapshots, or more where taking one takes long."""
MAX_LOAD = 0.04
"""The largest share of one core that taking snapshots may use."""

Snapshot = frozenset[tuple[str, int, int]]


def watch(workspace: Workspace, changed: Callable[[Workspace], None]) -> None:
    """Call ``changed`` after each change, in an endless loop."""
    before, took = take_snapshot(workspace), 0.0
    while True:
        time.sleep(max(INTERVAL, took / MAX_LOAD))
        began = time.thread_time()
        now = take_snapshot(workspace)
        took = time.thread_time() - began
        if now != before:
            changed(workspace)
            before = now


def take_snapshot(workspace: Workspace) -> Snapshot:
    """Return path, time and size of every file that a page is rendered from."""
    return frozenset(_stat_files(workspace))


def _list_roots(workspace: Workspace) -> tuple[Path, ...]:
    own = [workspace.root / name for name in ("solutions", "exercises")]
    return (workspace.curriculum, *own, workspace.handwritten, workspace.progress)


def _stat_files(workspace: Workspace) -> Iterator[tuple[str, int, int]]:
    folders = [str(top) for top in _list_roots(workspace)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:  # deleted since it was listed
            for entry in entries:
                if entry.name.startswith(".") or entry.name.endswith((".lock", "__pycache__")):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    yield from _stat_file(entry)


def _stat_file(entry: os.DirEntry[str]) -> Iterator[tuple[str, int, int]]:
    with suppress(OSError):  # deleted since it was listed
        found = entry.stat()
        yield entry.path, found.st_mtime_ns, found.st_size
