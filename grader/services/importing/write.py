"""Write an import, so that a kill at any moment and another run give everything once.

Files are written first, each whole or not at all, and only with what they do not hold yet; then
readings and claims, whose names are their content's; and last the ledger, which says what was
taken. What the ledger lacks is looked for in the files, so nothing comes twice.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.base import clock
from grader.base.errors import NoteError
from grader.base.files import read_file, write_file
from grader.base.lock import hold_lock
from grader.base.paths import Workspace
from grader.learner.entry_text import format_block, strip_controls
from grader.learner.importer.links import addresses
from grader.learner.importer.text.pieces import add_definitions, write_markdown
from grader.learner.journal import Journal
from grader.learner.records import tables
from grader.learner.utf8 import decode_utf8
from grader.services.importing.links import map_links
from grader.services.importing.plan import ImportPlan
from grader.services.importing.runs import ImportRun, begin_run
from grader.services.importing.targets import ImportTarget, PieceUpdate
from grader.services.session import Session

PATIENCE = 60.0


def write_imports(
    session: Session,
    plans: Sequence[ImportPlan],
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Put everything in its place; when this returns, it is on disk.

    ``watch`` is called with the number of journals written and of all.
    """
    workspace = session.workspace
    workspace.generated.mkdir(parents=True, exist_ok=True)
    with hold_lock(workspace.generated / "import.lock", PATIENCE):
        texts = [target.path for plan in plans for target in plan.targets]
        copies = [copy for plan in plans for _, copy in _list_copies(plan)]
        run = begin_run(workspace, clock.get_now().isoformat(), texts, copies)
        for number, plan in enumerate(plans, 1):
            watch(number, len(plans))
            _write_files(session, plan, run)
        for plan in plans:
            rows = (plan.readings, plan.claims, plan.ledger)
            run.note_rows(*rows, plan.dropped, plan.dropped_claims)
        _write_rows(workspace, plans)
        run.finish(workspace)


def _list_copies(plan: ImportPlan) -> Iterator[tuple[Path, Path]]:
    """Yield each file to copy as it is, and where its copy goes."""
    yield from ((shown.source, shown.copy) for shown in plan.pictures if shown.copy is not None)
    if plan.notebook is not None:
        yield plan.notebook.source, plan.notebook.copy


def _write_files(session: Session, plan: ImportPlan, run: ImportRun) -> None:
    workspace = session.workspace
    try:
        for source, copy in _list_copies(plan):
            _place_file(copy, source.read_bytes())
        if plan.notebook is not None:
            place = workspace.show_path(plan.notebook.copy)
            run.files[place].pieces.append((plan.notebook.key, ""))
        for target in plan.targets:
            pieces = _write_target(session, plan, target)
            run.files[workspace.show_path(target.path)].pieces += pieces
    except OSError as error:
        where = error.filename or session.workspace.imported
        raise NoteError(
            f"{where}: cannot be written ({error.strerror or error}). Fix that and import "
            "again; what is already imported is skipped."
        ) from error


def _write_rows(workspace: Workspace, plans: Sequence[ImportPlan]) -> None:
    """Write all rows of a table at once, so that many journals take no longer than one."""
    progress = workspace.progress
    tables.open_readings(progress).add({k: row for p in plans for k, row in p.readings.items()})
    claims = tables.open_claims(progress)
    claims.add({key: row for plan in plans for key, row in plan.claims.items()})
    claims.remove([key for plan in plans for key in plan.dropped_claims])
    ledger = tables.open_imports(progress)
    ledger.put({key: row for plan in plans for key, row in plan.ledger.items()})
    ledger.remove([key for plan in plans for key in plan.dropped])


def _write_target(
    session: Session, plan: ImportPlan, target: ImportTarget
) -> list[tuple[str, str]]:
    """Write the pieces that the file lacks; return all of them, with their names, as written."""
    to = _map_addresses(plan, target.path.parent)

    def renew(text: str) -> str:
        return strip_controls(addresses.replace_addresses(text, to))

    texts = [renew(one.piece.text) for one in target.pieces]
    written = [(one.key, text) for one, text in zip(target.pieces, texts, strict=True)]
    written += [(update.key, renew(update.piece.text)) for update in target.updates]
    late = [u.piece for u in target.updates if not _replace(target.path, u, renew(u.piece.text))]
    held = _read_lines(target.path)
    pairs = zip(target.pieces, texts, strict=True)
    due = [
        replace(one.piece, text=text) for one, text in pairs if held.count(text) < one.number
    ] + [replace(piece, text=renew(piece.text)) for piece in late if not held.count(piece.text)]
    if not due:
        return written
    definitions = {name: renew(line) for name, line in plan.found.definitions.items()}
    block = add_definitions(write_markdown(due), definitions)
    if target.day is not None:
        Journal(session.workspace.log).add_block(target.day, block)
    else:
        before = read_file(target.path) if target.path.exists() else b""
        _place_file(target.path, before + _append(target, before, strip_controls(block)))
    return written


def _replace(path: Path, update: PieceUpdate, text: str) -> bool:
    """Put a piece in the place of its older version; return False where that is not there."""
    if not path.is_file():
        return False
    whole = decode_utf8(path, read_file(path))
    end = "\r\n" if "\r\n" in whole else "\n"
    lines = whole.split(end)
    old = [line.rstrip() for line in update.old_text.split("\n")]
    for start in range(len(lines) - len(old) + 1):
        if [line.rstrip() for line in lines[start : start + len(old)]] == old:
            lines[start : start + len(old)] = _keep_number(text, old[0]).split("\n")
            mark = "\ufeff".encode() if read_file(path).startswith(b"\xef\xbb\xbf") else b""
            _place_file(path, mark + end.join(lines).encode("utf-8"))
            return True
    return False


def _keep_number(text: str, old: str) -> str:
    """Return an item of a numbered list with the number that its older version has."""
    before = re.match(r"\s*\d+(?=[.)]\s)", old)
    return re.sub(r"^\s*\d+(?=[.)]\s)", before[0], text) if before else text


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
