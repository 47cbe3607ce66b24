"""Write an import, so that a kill at any moment and another run give everything once.

Files are written first, each whole or not at all, and only with what they do not hold yet; then
readings and claims, whose names are their content's; and last the ledger, which says what was
taken. What the ledger lacks is looked for in the files, so nothing comes twice.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from grader.base import clock
from grader.base.errors import NoteError
from grader.base.files import read_file, write_file
from grader.base.paths import Workspace
from grader.learner.entry_text import format_block, name_day, strip_controls
from grader.learner.importer.links import addresses
from grader.learner.importer.text.pieces import Piece, add_definitions, write_markdown
from grader.learner.importer.versions.replacement import keep_number, replace_piece
from grader.learner.journal import Journal
from grader.learner.records import tables
from grader.learner.utf8 import decode_utf8
from grader.services.importing.import_lock import hold_imports
from grader.services.importing.links import map_links
from grader.services.importing.plan import ImportPlan
from grader.services.importing.runs import ImportRun, begin_run, read_or_none
from grader.services.importing.targets import ImportTarget, KeyedPiece, PieceUpdate
from grader.services.session import Session


def write_imports(
    session: Session,
    plans: Sequence[ImportPlan],
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Put everything in its place; when this returns, it is on disk.

    ``watch`` is called with the number of journals written and of all.
    """
    workspace = session.workspace
    with hold_imports(workspace):
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
            _write_target(workspace, plan, target, run)
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
    workspace: Workspace, plan: ImportPlan, target: ImportTarget, run: ImportRun
) -> None:
    """Write the pieces that the file lacks, and note what this run has put there.

    A day of the log is held from the reading to the note, so that a line which is logged
    meanwhile is neither lost nor taken for the import's.
    """
    to = _map_addresses(plan, target.path.parent)

    def renew(text: str) -> str:
        return strip_controls(addresses.replace_addresses(text, to))

    definitions = {name: renew(line) for name, line in plan.found.definitions.items()}
    pieces = [_renew(one, renew) for one in target.pieces]
    updates = [_renew_update(update, renew) for update in target.updates]
    place, journal = workspace.show_path(target.path), Journal(workspace.log)
    with nullcontext() if target.day is None else journal.hold():
        before = read_or_none(target.path)
        done = [update for update in updates if _replace(target.path, update)]
        late = [KeyedPiece(one.piece, 1, one.key) for one in updates if one not in done]
        due = _list_due(_read_text(target.path), [*pieces, *late])
        if due:
            _append(journal, target, _write_block([one.piece for one in due], definitions))
        if run.files[place].is_resumed:  # what the interrupted run has put there is not due
            first = run.files[place].encode_before() or b""
            due, done = _list_due(first.decode("utf-8", "replace"), [*pieces, *late]), updates
        ours = {update.key: update.piece for update in done} | {one.key: one.piece for one in due}
        block = f"{_get_opening(target)}\n{_write_block(ours.values(), definitions)}"
        texts = [(key, piece.text) for key, piece in ours.items()]
        older = {update.key: update.old_text for update in done}
        run.note_write(place, (before, read_or_none(target.path)), texts, older, block)


def _renew(one: KeyedPiece, renew: Callable[[str], str]) -> KeyedPiece:
    return replace(one, piece=replace(one.piece, text=renew(one.piece.text)))


def _renew_update(update: PieceUpdate, renew: Callable[[str], str]) -> PieceUpdate:
    text = keep_number(renew(update.piece.text), update.old_text)
    return replace(update, piece=replace(update.piece, text=text))


def _write_block(pieces: Iterable[Piece], definitions: Mapping[str, str]) -> str:
    return add_definitions(write_markdown(list(pieces)), definitions)


def _replace(path: Path, update: PieceUpdate) -> bool:
    """Put a piece in the place of its older version; return False where that is not there."""
    whole = replace_piece(_read_text(path), update.old_text, update.piece.text)
    if whole is None:
        return False
    mark = "\ufeff".encode() if read_file(path).startswith(b"\xef\xbb\xbf") else b""
    _place_file(path, mark + whole.encode("utf-8"))
    return True


def _append(journal: Journal, target: ImportTarget, block: str) -> None:
    """Append to the file; whoever calls this holds the log if it is a day."""
    if target.day is not None:
        journal.add_block_held(target.day, block)
        return
    before = read_file(target.path) if target.path.exists() else b""
    try:
        added = format_block(before, target.opening, strip_controls(block))
    except UnicodeDecodeError:
        raise NoteError(f"{target.path}: not UTF-8; save the file as UTF-8.") from None
    _place_file(target.path, before + added)


def _get_opening(target: ImportTarget) -> str:
    return target.opening if target.day is None else f"# {name_day(target.day)}\n"


def _list_due(text: str, pieces: Iterable[KeyedPiece]) -> list[KeyedPiece]:
    """Return the pieces that the text lacks."""
    held = _Lines(text)
    return [one for one in pieces if held.count(one.piece.text) < one.number]


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


def _read_text(path: Path) -> str:
    return decode_utf8(path, read_file(path)) if os.path.lexists(path) else ""


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
