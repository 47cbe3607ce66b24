"""Take back the last import. Nothing of the learner's is overwritten.

A file that is as the import left it gets its bytes from before. Out of any other the import's
pieces are taken, and what was edited since, or written by somebody else, stays.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader.base.errors import NoteError, UsageError
from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.learner.importer.versions.replacement import replace_piece
from grader.learner.importer.versions.takeback import Remainder, take_back
from grader.learner.journal import Journal
from grader.learner.model import ImportedClaim, ImportedItem
from grader.learner.records import tables
from grader.learner.records.table import RecordTable
from grader.services.importing.import_lock import hold_imports
from grader.services.importing.runs import ImportRun, RunFile, list_records, read_or_none, read_run
from grader.services.session import Session


@dataclass(slots=True)
class UndonePlan:
    """What would be taken back."""

    run: ImportRun
    files: dict[Path, bytes | None] = field(default_factory=dict)
    """What each file will hold; None for one that goes."""
    kept: list[str] = field(default_factory=list)
    """What stays, because it was edited, with its file."""
    kept_keys: set[str] = field(default_factory=set)
    readings: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)

    @property
    def removed(self) -> int:
        """Return how many files go."""
        return sum(data is None for data in self.files.values())


def plan_undo(session: Session) -> UndonePlan:
    """Return what undoing the last import would do; ``UsageError`` where there is none."""
    workspace = session.workspace
    records = list_records(workspace)
    run = read_run(records[-1]) if records else None
    if run is None:
        raise UsageError(
            "there is no import to take back. What imports wrote is recorded in "
            f"{workspace.show_path(workspace.import_runs)}, on this machine alone."
        )
    if not run.is_finished:
        raise UsageError("the last import was interrupted. Run it again, then undo it.")
    plan = UndonePlan(run)
    for place, file in run.files.items():
        _plan_file(workspace, place, file, plan)
    for table, rows, keys in (
        (tables.open_readings(workspace.progress), run.readings, plan.readings),
        (tables.open_claims(workspace.progress), run.claims, plan.claims),
    ):
        keys += _list_unchanged(table, rows)
    plan.kept += [f"the reading {key}" for key in run.readings if key not in plan.readings]
    return plan


def _plan_file(workspace: Workspace, place: str, file: RunFile, plan: UndonePlan) -> None:
    path = Path(os.path.realpath(workspace.root / place))
    data = read_or_none(path)
    if data is None or data == file.encode_before():
        return  # as before already: an undo may have been interrupted
    digest = sha256(data).hexdigest()
    if digest == file.digest != file.undone:
        plan.files[path] = file.encode_before()
    elif file.is_copy or not _is_utf8(data):
        plan.kept.append(place)
        plan.kept_keys |= {key for key, _ in file.pieces}
    else:
        pieces, left = _take_back(file, data)
        plan.kept_keys |= {pieces[n][0] for n in left.kept}
        plan.kept += [f"{place}: {_shorten(pieces[n][1])}" for n in left.kept]
        if digest != file.undone:
            plan.files[path] = None if left.text is None else left.text.encode("utf-8")
            file.undone = sha256((left.text or "").encode("utf-8")).hexdigest()


def _take_back(file: RunFile, data: bytes) -> tuple[list[tuple[str, str]], Remainder]:
    """Return the pieces that have no older version to put in their place, and what is left."""
    before, after = (
        None if raw is None else raw.decode("utf-8", "replace")
        for raw in (file.encode_before(), file.encode_after())
    )
    current, pieces = data.decode("utf-8"), []
    for key, text in file.pieces:
        older = replace_piece(current, text, file.older[key]) if key in file.older else None
        if older is None:
            pieces.append((key, text))
        else:
            current = older
    return pieces, take_back(before, after or "", current, [text for _, text in pieces])


def _is_utf8(data: bytes) -> bool:
    """Return True if the bytes are text in UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _shorten(text: str) -> str:
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return first[:60] + ("…" if len(first) > 60 else "")


def _list_unchanged(table: RecordTable[Any], rows: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the rows that are as the import put them."""
    known = table.read_all()
    for key, row in rows.items():
        if key in known and _make_plain(asdict(known[key])) == _make_plain(row):
            yield key


def _make_plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


def undo_import(session: Session) -> UndonePlan:
    """Take the last import back and return what was done; what goes last is its record.

    It is planned with the locks held, so that a line which is logged while it waits stays.
    """
    workspace = session.workspace
    with hold_imports(workspace), Journal(workspace.log).hold():
        plan = plan_undo(session)
        _carry_out(workspace, plan)
    return plan


def _carry_out(workspace: Workspace, plan: UndonePlan) -> None:
    """Do what is planned; the record says first what it leaves, for an undo after a kill."""
    plan.run.save()
    for path, data in plan.files.items():
        _restore(path, data)
    for folder in {(workspace.root / place).parent for place in plan.run.files}:
        _remove_empty(Path(os.path.realpath(folder)), workspace.imported)
    progress, run = workspace.progress, plan.run
    tables.open_readings(progress).remove(plan.readings)
    claims = tables.open_claims(progress)
    claims.remove(plan.claims)
    claims.add({key: _read_claim(row) for key, row in run.dropped_claims.items()})
    table = tables.open_imports(progress)
    table.remove([key for key in run.ledger if key not in plan.kept_keys])
    table.add({key: ImportedItem(**row) for key, row in run.dropped.items()})
    run.path.unlink()


def _read_claim(row: Mapping[str, Any]) -> ImportedClaim:
    return ImportedClaim(**{**row, "units": tuple(row["units"])})


def _restore(path: Path, data: bytes | None) -> None:
    try:
        if data is not None:
            write_file(path, data)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise NoteError(
            f"{path}: cannot be written ({error.strerror or error}). Fix that and undo again."
        ) from error


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder of imported notes, and those above it, that hold nothing now."""
    home = Path(os.path.realpath(top))
    while folder.is_relative_to(home) and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
