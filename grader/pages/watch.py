"""Watches what the pages are made of, by the files' times and sizes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.workspace import Workspace

EVERY = 0.2
"""Seconds between two looks, or more where a look takes long."""
SHARE = 0.04
"""Of one core, what looking may take."""

Seen = frozenset[tuple[str, int, int]]


def watch(workspace: Workspace, changed: Callable[[Workspace], None]) -> None:
    """Call ``changed`` after each change, without end."""
    seen, took = look(workspace), 0.0
    while True:
        time.sleep(max(EVERY, took / SHARE))
        began = time.thread_time()
        now = look(workspace)
        took = time.thread_time() - began
        if now != seen:
            changed(workspace)
            seen = now


def look(workspace: Workspace) -> Seen:
    """Every file that a page is made of, with its time and size."""
    return frozenset(_stats(workspace))


def _tops(workspace: Workspace) -> tuple[Path, ...]:
    own = [workspace.root / name for name in ("solutions", "exercises")]
    return (workspace.curriculum, *own, workspace.handwritten, workspace.progress)


def _stats(workspace: Workspace) -> Iterator[tuple[str, int, int]]:
    folders = [str(top) for top in _tops(workspace)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:  # gone since it was listed
            for entry in entries:
                if entry.name.startswith(".") or entry.name.endswith((".lock", "__pycache__")):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    yield from _stat(entry)


def _stat(entry: os.DirEntry[str]) -> Iterator[tuple[str, int, int]]:
    with suppress(OSError):  # gone between the listing and the look
        found = entry.stat()
        yield entry.path, found.st_mtime_ns, found.st_size
