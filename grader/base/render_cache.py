"""What a rendering computes, cached from one to the next in one file.

``open_cache`` opens a file for as long as one rendering takes. Within it ``compute`` returns what
was computed from the same sources before, and else computes it. A result's name is a hash of its
sources, and the file names the tool that wrote it, so a cached result is never stale. When the
rendering is done, the results that it used are written in one step, and all others are gone: the
file is never larger than what the pages show. Of two processes the one that ends last leaves its
results.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from grader.base.cache import hash_sources, read_entry, write_entry
from grader.base.paths import GRADER

_LIBRARIES = (
    *("markdown-it-py", "mdit-py-plugins", "nh3", "math-core", "Pygments", "nbconvert"),
    *("nbformat", "ftfy", "pillow"),
)
"""What computes results, besides the tool."""

Stamp = tuple[int, int, int]


class RenderCache:
    """The results of one file, and those used so far."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._old = _recall(file)
        self._used: dict[str, Any] = {}

    def compute(self, make: Callable[[], Any], sources: tuple[str, ...]) -> Any:
        """Return the result, computed if it is not there; JSON that nobody may change."""
        key = hash_sources(*sources)[:40]
        if key not in self._used:
            self._used[key] = self._old[key] if key in self._old else make()
        return self._used[key]

    def save(self) -> None:
        """Leave the used results for the next rendering."""
        if self._used.keys() == self._old.keys():
            return
        if write_entry(self._file, {"maker": hash_tool(), "results": self._used}):
            with contextlib.suppress(OSError):
                _MEMORY[self._file] = _read_stamp(self._file), self._used


_open: ContextVar[RenderCache | None] = ContextVar("render_cache", default=None)
_MEMORY: dict[Path, tuple[Stamp, dict[str, Any]]] = {}
"""What this process last read or wrote of each file, with the file's stamp."""


@contextmanager
def open_cache(file: Path) -> Iterator[None]:
    """Cache in this file what is computed within; on an error the file is left as it was."""
    opened = RenderCache(file)
    token = _open.set(opened)
    try:
        yield
        opened.save()
    finally:
        _open.reset(token)


def compute(make: Callable[[], Any], *sources: str) -> Any:
    """Return what ``make`` returns, from the open cache if it is there.

    ``sources`` begins with the kind of result and names all that the result depends on.
    """
    opened = _open.get()
    return make() if opened is None else opened.compute(make, sources)


def limit_files(folder: Path, most: int) -> None:
    """Remove the oldest files of a folder of results beyond so many."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        files = sorted((e for e in entries if e.is_file()), key=lambda e: e.stat().st_mtime_ns)
        for entry in files[:-most]:
            Path(entry).unlink(missing_ok=True)


@cache
def hash_tool() -> str:
    """Return the hash of what computes results: the tool's source and its libraries' versions."""
    from hashlib import sha256
    from importlib.metadata import PackageNotFoundError, version

    whole = sha256()
    for file in sorted(GRADER.rglob("*.py")):
        whole.update(file.read_bytes())
    for library in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            whole.update(f"{library} {version(library)}\n".encode())
    return whole.hexdigest()


def _recall(file: Path) -> dict[str, Any]:
    """Return the file's results, from memory while it is the file that was read or written."""
    try:
        stamp = _read_stamp(file)
    except OSError:
        return {}
    known = _MEMORY.get(file)
    if known is None or known[0] != stamp:
        known = _MEMORY[file] = stamp, _read(file)
    return known[1]


def _read(file: Path) -> dict[str, Any]:
    """Read the results; none where the file is damaged or another tool's."""
    stored = read_entry(file)
    if not isinstance(stored, dict) or stored.get("maker") != hash_tool():
        return {}
    results = stored.get("results")
    return results if isinstance(results, dict) else {}


def _read_stamp(file: Path) -> Stamp:
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
