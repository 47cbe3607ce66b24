"""Write an import, so that a kill at any moment and another run give everything once.

Files are written first, each whole or not at all, and only with what they do not hold yet; then
readings and claims, whose names are their content's; and last the ledger, which says what was
taken. What the ledger lacks is looked for in the files, so nothing comes twice.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from pathlib import Path

from grader.base.errors import NoteError
from grader.base.files import read_file, write_file
from grader.base.lock import hold_lock
from grader.learner.entry_text import format_block, strip_controls
from grader.learner.importer import links
from grader.learner.importer.pieces import Piece, add_definitions, write_markdown
from grader.learner.journal import Journal
from grader.learner.records import tables
from grader.learner.utf8 import decode_utf8
from grader.services.import_links import map_links
from grader.services.import_plan import ImportPlan
from grader.services.import_targets import ImportTarget
from grader.services.session import Session

PATIENCE = 60.0


def write_imports(session: Session, plans: Sequence[ImportPlan]) -> None:
    """Put everything in its place; when this returns, it is on disk."""
    folder = session.workspace.generated
    folder.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder / "import.lock", PATIENCE):
        for plan in plans:
            _write_import(session, plan)


def _write_import(session: Session, plan: ImportPlan) -> None:
    try:
        for shown in plan.pictures:
            if shown.copy is not None:
                _place_file(shown.copy, shown.source.read_bytes())
        if plan.notebook is not None:
            _place_file(plan.notebook.copy, plan.notebook.source.read_bytes())
        for target in plan.targets:
            _write_target(session, plan, target)
    except OSError as error:
        where = error.filename or session.workspace.imported
        raise NoteError(
            f"{where}: cannot be written ({error.strerror or error}). Fix that and import "
            "again; what is already imported is skipped."
        ) from error
    progress = session.workspace.progress
    tables.open_readings(progress).add(plan.readings)
    tables.open_claims(progress).add(plan.claims)
    tables.open_imports(progress).add(plan.ledger)


def _write_target(session: Session, plan: ImportPlan, target: ImportTarget) -> None:
    to = _map_addresses(plan, target.path.parent)
    held = _read_lines(target.path)
    due = [
        Piece(text, piece.line, piece.above, piece.block, piece.loose, piece.head)
        for piece, time in target.pieces
        if held.count(text := strip_controls(links.replace_addresses(piece.text, to))) < time
    ]
    if not due:
        return
    definitions = {
        name: links.replace_addresses(d, to) for name, d in plan.found.definitions.items()
    }
    block = add_definitions(write_markdown(due), definitions)
    if target.day is not None:
        Journal(session.workspace.log).add_block(target.day, block)
    else:
        before = read_file(target.path) if target.path.exists() else b""
        _place_file(target.path, before + _append(target, before, strip_controls(block)))


def _append(target: ImportTarget, before: bytes, block: str) -> bytes:
    try:
        return format_block(before, target.opening, block)
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
        """Return how often these lines stand there one after the other."""
        wanted = [line.rstrip() for line in text.strip("\n").splitlines()] or [""]
        size = len(wanted)
        starts = self.at.get(wanted[0], ())
        return sum(self.lines[start : start + size] == wanted for start in starts)


def _read_lines(path: Path) -> _Lines:
    if not os.path.lexists(path):
        return _Lines("")
    return _Lines(decode_utf8(path, read_file(path)))


def _map_addresses(plan: ImportPlan, folder: Path) -> dict[str, str]:
    """Return the new address of each picture and link, as seen from a folder."""
    copies = {
        shown.address: posixpath.relpath(shown.copy.as_posix(), folder.as_posix())
        for shown in plan.pictures
        if shown.copy is not None
    }
    return {**map_links(plan.links, folder), **copies}


def _place_file(path: Path, data: bytes) -> None:
    """Put the bytes in place in one step; the same bytes are left alone."""
    path = Path(os.path.realpath(path))
    if not path.is_file() or path.read_bytes() != data:
        write_file(path, data)
