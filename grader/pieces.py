"""Pieces of the pages, kept from one rendering to the next by the hash of all they are made from.

``at_hand`` opens a file of pieces for as long as one rendering takes. Within it ``made`` gives a
piece that was made from the same before, and else makes it. A piece's name is a hash of what it
was made from and of the tool that made it, so a kept piece is never stale. When the rendering is
done, the pieces that it used are written in one step, and all others are gone: the file is never
larger than what the pages show. A file that is damaged, half-written or of another tool holds
nothing; of two processes the one that ends last leaves its pieces.
"""

from __future__ import annotations

import contextlib
import os
from binascii import crc32
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import Any

from grader.workspace import GRADER

_LIBRARIES = (
    *("markdown-it-py", "mdit-py-plugins", "nh3", "math-core", "Pygments", "nbconvert"),
    *("nbformat", "ftfy", "pillow"),
)
"""What makes pieces, besides the tool."""

Stamp = tuple[int, int, int]


class Pieces:
    """The pieces of one file, and those used so far."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._old = _remembered(file)
        self._used: dict[str, Any] = {}

    def made(self, make: Callable[[], Any], made_from: tuple[str, ...]) -> Any:
        """The piece, made if it is not there; JSON that nobody may change."""
        key = _name(made_from)
        if key not in self._used:
            self._used[key] = self._old[key] if key in self._old else make()
        return self._used[key]

    def keep(self) -> None:
        """Leave the used pieces for the next rendering; a folder that takes none is no error."""
        if self._used.keys() == self._old.keys():
            return
        import orjson

        with contextlib.suppress(OSError, orjson.JSONEncodeError):
            body = orjson.dumps({"maker": maker(), "pieces": self._used})
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_name(f".{self._file.name}-{os.getpid()}-{get_ident()}")
            fresh.write_bytes(b"%08x\n" % crc32(body) + body)
            stamp = _stamp(fresh)
            fresh.replace(self._file)
            _MEMORY[self._file] = stamp, self._used


_at_hand: ContextVar[Pieces | None] = ContextVar("pieces", default=None)
_MEMORY: dict[Path, tuple[Stamp, dict[str, Any]]] = {}
"""What this process last read or wrote of each file, with the file's stamp."""


@contextmanager
def at_hand(file: Path) -> Iterator[None]:
    """Keep the pieces that are made within in this file; they are left as they were on an error."""
    pieces = Pieces(file)
    token = _at_hand.set(pieces)
    try:
        yield
        pieces.keep()
    finally:
        _at_hand.reset(token)


def made(make: Callable[[], Any], *made_from: str) -> Any:
    """What ``make`` gives, from the pieces at hand if they have it.

    ``made_from`` begins with the kind of piece and names all that the result depends on.
    """
    pieces = _at_hand.get()
    return make() if pieces is None else pieces.made(make, made_from)


def bound(folder: Path, most: int) -> None:
    """Remove the oldest files of a folder of results beyond so many."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        files = sorted((e for e in entries if e.is_file()), key=lambda e: e.stat().st_mtime_ns)
        for entry in files[:-most]:
            Path(entry).unlink(missing_ok=True)


@cache
def maker() -> str:
    """The tool that makes pieces: its source, and the versions of the libraries it uses."""
    from hashlib import sha256
    from importlib.metadata import PackageNotFoundError, version

    whole = sha256()
    for file in sorted(GRADER.rglob("*.py")):
        whole.update(file.read_bytes())
    for library in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            whole.update(f"{library} {version(library)}\n".encode())
    return whole.hexdigest()


def _name(made_from: tuple[str, ...]) -> str:
    from hashlib import sha256

    sizes = ",".join(str(len(part)) for part in made_from)
    text = "\0".join((sizes, *made_from)).encode("utf-8", "surrogatepass")
    return sha256(text).hexdigest()[:40]


def _remembered(file: Path) -> dict[str, Any]:
    """The file's pieces, from memory while the file is the one that was read or written."""
    try:
        stamp = _stamp(file)
    except OSError:
        return {}
    known = _MEMORY.get(file)
    if known is None or known[0] != stamp:
        known = _MEMORY[file] = stamp, _read(file)
    return known[1]


def _read(file: Path) -> dict[str, Any]:
    """The pieces; none where the file is damaged or another tool's."""
    import orjson

    try:
        checksum, _, body = file.read_bytes().partition(b"\n")
        if int(checksum, 16) != crc32(body):
            return {}
        kept = orjson.loads(body)
        pieces = kept["pieces"] if kept["maker"] == maker() else {}
        return pieces if isinstance(pieces, dict) else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _stamp(file: Path) -> Stamp:
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
