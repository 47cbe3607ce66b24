"""Watches what the pages are made of, by the files' times and sizes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.workspace import Workspace

EVERY = 0.2
"""Seconds between two looks."""

Seen = frozenset[tuple[str, int, int]]


def watch(workspace: Workspace, changed: Callable[[Workspace], None]) -> None:
    """Call ``changed`` after each change, without end."""
    seen = look(workspace)
    while True:
        time.sleep(EVERY)
        now = look(workspace)
        if now != seen:
            changed(workspace)
            seen = now


def look(workspace: Workspace) -> Seen:
    """Every file that a page is made of, with its time and size."""
    return frozenset(_stats(workspace))


def _tops(workspace: Workspace) -> tuple[Path, ...]:
    references = workspace.root / "solutions"
    return (workspace.curriculum, references, workspace.handwritten, workspace.progress)


def _stats(workspace: Workspace) -> Iterator[tuple[str, int, int]]:
    for top in _tops(workspace):
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith((".", "__"))]
            for name in names:
                if not name.startswith(".") and not name.endswith(".lock"):
                    yield from _stat(Path(folder, name))


def _stat(path: Path) -> Iterator[tuple[str, int, int]]:
    try:
        found = path.stat()
    except OSError:  # gone between the listing and the look
        return
    yield str(path), found.st_mtime_ns, found.st_size
