"""What each import wrote, so that the last one can be taken back: one record a run.

The record is written before the files, with what they held, and again when all is written. So
an import that was interrupted and run again counts as one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.learner.model import ImportedClaim, ImportedItem, Reading

_KEPT = 5
"""Runs that can be taken back, one after the other."""


@dataclass(slots=True)
class RunFile:
    """A file that a run writes."""

    before: str | None
    """Its bytes before, as Latin-1; None where there was no such file."""
    after: str = ""
    """Its bytes after, as Latin-1; empty for a copy of a picture or notebook.

    Of a shared file: what this run alone would have made of the bytes before.
    """
    digest: str = ""
    """A hash of its bytes after; empty for a shared file, of which no bytes are restored."""
    pieces: list[tuple[str, str]] = field(default_factory=list)
    """The pieces that it got: the name of each in the ledger, and its text."""
    older: dict[str, str] = field(default_factory=dict)
    """What stood there in the place of a piece, by the piece's name in the ledger."""
    is_copy: bool = False
    is_shared: bool = False
    """True if somebody else wrote in it between the run's beginning and its end."""
    is_resumed: bool = False
    """True if a run that was interrupted may have written in it."""
    undone: str = ""
    """A hash of what an undo leaves of it."""

    def encode_before(self) -> bytes | None:
        """Return its bytes before."""
        return None if self.before is None else self.before.encode("latin-1")

    def encode_after(self) -> bytes | None:
        """Return its bytes after; None where the run has not written it."""
        return self.after.encode("latin-1") if self.after else None


@dataclass(slots=True)
class ImportRun:
    """One run of ``grade import``."""

    path: Path
    """Its record."""
    files: dict[str, RunFile] = field(default_factory=dict)
    """By their paths in the workspace."""
    readings: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    ledger: list[str] = field(default_factory=list)
    dropped: dict[str, Any] = field(default_factory=dict)
    """Rows of the ledger whose pieces this run has updated, as they were."""
    dropped_claims: dict[str, Any] = field(default_factory=dict)
    """Claims that this run has updated, as they were."""
    is_finished: bool = False

    def note_rows(
        self,
        readings: Mapping[str, Reading],
        claims: Mapping[str, ImportedClaim],
        ledger: Iterable[str],
        dropped: Mapping[str, ImportedItem],
        dropped_claims: Mapping[str, ImportedClaim],
    ) -> None:
        """Add the rows that the run puts into the tables."""
        self.readings.update({key: asdict(row) for key, row in readings.items()})
        self.claims.update({key: asdict(row) for key, row in claims.items()})
        self.ledger += ledger
        self.dropped.update({key: asdict(row) for key, row in dropped.items()})
        self.dropped_claims.update({key: asdict(row) for key, row in dropped_claims.items()})

    def note_write(
        self,
        place: str,
        held: tuple[bytes | None, bytes | None],
        pieces: Sequence[tuple[str, str]],
        older: Mapping[str, str],
        block: str,
    ) -> None:
        """Note what a write has made of a file; ``held`` are its bytes before and after.

        ``block`` is what the file would hold if there were nothing else in it. A file that is
        not as the run left it has been written by somebody else, and is shared from then on.
        """
        file, (before, after) = self.files[place], held
        left = file.after or file.before
        file.is_shared = file.is_shared or encode(before) != left
        if file.is_shared:
            file.after = f"{left or ''}\n{encode(block.encode('utf-8'))}"
        else:
            file.after = encode(after) or ""
        file.pieces += pieces
        file.older.update(older)

    def save(self) -> None:
        """Write the record."""
        row = {key: value for key, value in asdict(self).items() if key != "path"}
        write_file(self.path, orjson.dumps(row))

    def finish(self, workspace: Workspace) -> None:
        """Add the hashes of the files, leave out those that have not changed, and save.

        What a text holds after the run is what was noted when the run wrote it: what stands there
        now may have a line more.
        """
        for place, file in list(self.files.items()):
            data = read_or_none(workspace.root / place) if file.is_copy else file.encode_after()
            has_changed = bool(file.pieces) or not file.is_shared
            if data is None or encode(data) == file.before or not has_changed:
                del self.files[place]
            elif not file.is_shared:
                file.digest = sha256(data).hexdigest()
        self.is_finished = True
        self.save()
        for old in list_records(workspace)[:-_KEPT]:
            old.unlink()


def begin_run(
    workspace: Workspace, moment: str, texts: Iterable[Path], copies: Iterable[Path]
) -> ImportRun:
    """Record what the files hold; an unfinished run before is part of this one."""
    name = "".join(letter for letter in moment if letter.isalnum())
    run = ImportRun(workspace.import_runs / f"{name}.json")
    records = list_records(workspace)
    last = read_run(records[-1]) if records else None
    if last is not None and not last.is_finished:
        run.files = last.files
        for file in run.files.values():
            file.is_resumed = True
    for paths, is_copy in ((texts, False), (copies, True)):
        for path in paths:
            before = encode(read_or_none(path))
            run.files.setdefault(workspace.show_path(path), RunFile(before, is_copy=is_copy))
    run.save()
    if last is not None and not last.is_finished:
        last.path.unlink()
    return run


def list_records(workspace: Workspace) -> list[Path]:
    """Return the records of the runs, the last one at the end."""
    return sorted(workspace.import_runs.glob("*.json"))


def read_run(path: Path) -> ImportRun | None:
    """Return a run as recorded; None where the record cannot be read."""
    try:
        row = orjson.loads(path.read_bytes())
        files = {place: RunFile(**file) for place, file in row.pop("files").items()}
        return ImportRun(path, files, **row)
    except (OSError, orjson.JSONDecodeError, TypeError, LookupError, AttributeError):
        return None


def read_or_none(path: Path) -> bytes | None:
    """Return a file's bytes; None where there is no file."""
    return path.read_bytes() if os.path.lexists(path) and path.is_file() else None


def encode(data: bytes | None) -> str | None:
    """Return the bytes as text that JSON can hold."""
    return None if data is None else data.decode("latin-1")
