"""Takes an import over, so that a kill at any moment and another run give everything once.

Files are written first, each whole or not at all, and only with what they do not hold yet; then
readings and claims, whose names are their content's; and last the ledger, which says what was
taken. What the ledger lacks is looked for in the files, so nothing comes twice.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from pathlib import Path

from grader.arrival import pictures
from grader.arrival.found import Piece, written
from grader.arrival.plan import defined
from grader.errors import NoteError
from grader.journal import Journal, appended, plain, put
from grader.lock import locked
from grader.practice.bringing import Bundle, Target
from grader.practice.desk import Desk
from grader.records import shelves

PATIENCE = 60.0


def take(desk: Desk, bundles: Sequence[Bundle]) -> None:
    """Put everything in its place; when this returns, it is on disk."""
    folder = desk.workspace.generated
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "import.lock", PATIENCE):
        for bundle in bundles:
            _take(desk, bundle)


def _take(desk: Desk, bundle: Bundle) -> None:
    try:
        for shown in bundle.shown:
            if shown.copy is not None:
                _place(shown.copy, shown.source.read_bytes())
        for target in bundle.targets:
            _write(desk, bundle, target)
    except OSError as error:
        where = error.filename or desk.workspace.imported
        raise NoteError(
            f"{where}: cannot be written ({error.strerror or error}). Mend that and import again; "
            "what is there already does not come twice."
        ) from error
    progress = desk.workspace.progress
    shelves.readings(progress).add(bundle.readings)
    shelves.claims(progress).add(bundle.claims)
    shelves.imports(progress).add(bundle.ledger)


def _write(desk: Desk, bundle: Bundle, target: Target) -> None:
    to = _addresses(bundle, target.path.parent)
    held = _held(target.path)
    due = [
        Piece(text, piece.line, piece.above, piece.block, piece.loose, piece.head)
        for piece, time in target.pieces
        if held.count(text := plain(pictures.moved(piece.text, to))) < time
    ]
    if not due:
        return
    definitions = {name: pictures.moved(d, to) for name, d in bundle.found.definitions.items()}
    block = defined(written(due), definitions)
    if target.day is not None:
        Journal(desk.workspace.log).add_block(target.day, block)
    else:
        before = target.path.read_bytes() if target.path.exists() else b""
        _place(target.path, before + _added(target, before, plain(block)))


def _added(target: Target, before: bytes, block: str) -> bytes:
    try:
        return appended(before, target.opening, block)
    except UnicodeDecodeError:
        raise NoteError(f"{target.path}: not UTF-8; save the file as UTF-8.") from None


class _Lines:
    """A file's lines, and how often a piece stands in them."""

    def __init__(self, text: str) -> None:
        self.lines = [line.rstrip() for line in text.splitlines()]
        self.at: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            self.at.setdefault(line, []).append(number)

    def count(self, text: str) -> int:
        """How often these lines stand there one after the other."""
        wanted = [line.rstrip() for line in text.strip("\n").splitlines()] or [""]
        size = len(wanted)
        starts = self.at.get(wanted[0], ())
        return sum(self.lines[start : start + size] == wanted for start in starts)


def _held(path: Path) -> _Lines:
    if not os.path.lexists(path):
        return _Lines("")
    try:
        return _Lines(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NoteError(f"{path}: not UTF-8; save the file as UTF-8.") from None


def _addresses(bundle: Bundle, folder: Path) -> dict[str, str]:
    """The new address of each copied picture, as seen from a folder."""
    return {
        shown.address: posixpath.relpath(shown.copy.as_posix(), folder.as_posix())
        for shown in bundle.shown
        if shown.copy is not None
    }


def _place(path: Path, data: bytes) -> None:
    """Put the bytes in place in one step; the same bytes are left alone."""
    path = Path(os.path.realpath(path))
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, data)
