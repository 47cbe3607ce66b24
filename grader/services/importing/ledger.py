"""The ledger of imports: what earlier ones took over, and what the journal at hand adds."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.text.pieces import Piece
from grader.learner.importer.versions.kinship import hash_words
from grader.learner.model import ImportedItem
from grader.learner.records import tables
from grader.services.importing.files import ImportFile


class ImportLedger:
    """The ledger's rows; what one journal of an import adds, the next finds there."""

    def __init__(self, workspace: Workspace, today: str) -> None:
        self.workspace, self.today = workspace, today
        self.rows = tables.open_imports(workspace.progress).read_all()
        """The rows before this import."""
        self.known = dict(self.rows)
        """These, and those of the journals before the one at hand."""
        self.begin()

    def begin(self) -> None:
        """Begin a journal."""
        self.fresh: dict[str, ImportedItem] = {}
        """A row for each new thing."""
        self.dropped: dict[str, ImportedItem] = {}
        """Rows whose pieces or claims have a newer version."""
        self.old = self.gone = 0

    def end(self) -> None:
        """End a journal: its rows are known to the next."""
        self.known.update(self.fresh)

    @property
    def every(self) -> Mapping[str, ImportedItem]:
        """Return the rows of all journals so far, the one at hand among them."""
        return ChainMap(self.fresh, self.known)

    def add_piece(self, key: str, piece: Piece, source: ImportFile, path: Path) -> None:
        """Add the row of a piece."""
        where, place = f"{source.name}:{piece.line}", self.workspace.show_path(path)
        self.fresh[key] = ImportedItem(where, place, self.today, hash_words(piece.text))

    def add_new(self, key: str, source: ImportFile, line: int, path: Path | str) -> bool:
        """Add the row of a thing and return True; a known thing is counted instead."""
        if key in self.every:
            self.old += 1
            return False
        place = path if isinstance(path, str) else self.workspace.show_path(path)
        self.fresh[key] = ImportedItem(f"{source.name}:{line}", place, self.today)
        return True

    def drop(self, key: str) -> None:
        """Drop a row from before this import."""
        self.dropped[key] = self.rows[key]
