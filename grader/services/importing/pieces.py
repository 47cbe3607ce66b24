"""Which pieces of a journal are new in a file, which are there, and which were edited since."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.contents import compute_key
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.document import parse_document
from grader.learner.importer.text.pieces import Piece
from grader.learner.importer.versions.kinship import KinIndex, hash_words, list_words
from grader.learner.model import ImportedItem
from grader.services.importing.targets import Draft, KeyedPiece, PieceUpdate

_FEW = 3
"""So many pieces of a file may have vanished although none is known."""


@dataclass(slots=True)
class PieceSelection:
    """What an import does with the pieces for one file."""

    fresh: list[KeyedPiece] = field(default_factory=list)
    updates: list[PieceUpdate] = field(default_factory=list)
    known: list[KeyedPiece] = field(default_factory=list)
    gone: list[KeyedPiece] = field(default_factory=list)
    """Those of the known ones that stand in the file no longer."""


class PieceIndex:
    """What earlier imports brought, and what of it is still where it was put."""

    def __init__(self, workspace: Workspace, rows: Mapping[str, ImportedItem]) -> None:
        self.workspace = workspace
        self._rows: dict[tuple[str, str], dict[str, ImportedItem]] = {}
        for key, row in rows.items():
            name = row.source.rpartition(":")[0]
            self._rows.setdefault((row.place, name), {})[key] = row
        self._texts: dict[Path, str] = {}

    def select(
        self, draft: Draft, source: str, known: Container[str], *, again: bool
    ) -> PieceSelection:
        """Sort the pieces of a draft; ``source`` is the name of the journal's file.

        With ``again`` those that stand in the file no longer are new.
        """
        keyed = list(key_pieces(draft.place, draft.pieces))
        chosen = PieceSelection(known=[one for one in keyed if one.key in known])
        chosen.gone = self._list_gone(draft.path, chosen.known) if chosen.known else []
        if again:
            back = {one.key for one in chosen.gone}
            chosen.known = [one for one in chosen.known if one.key not in back]
            chosen.gone = []
        old = {one.key for one in chosen.known}
        chosen.fresh = [one for one in keyed if one.key not in old]
        if chosen.fresh:
            vanished = self._list_vanished(draft, source, {one.key for one in keyed})
            chosen.updates = list(_pair(chosen.fresh, vanished))
            updated = {update.key for update in chosen.updates}
            chosen.fresh = [one for one in chosen.fresh if one.key not in updated]
        return chosen

    def _list_gone(self, path: Path, known: Sequence[KeyedPiece]) -> list[KeyedPiece]:
        lines = self._read(path).split("\n")
        there = {" ".join(list_words(line)) for line in lines}
        absent = [one for one in known if " ".join(list_words(_take_first(one))) not in there]
        index = KinIndex(lines if absent else ())
        return [one for one in absent if not index.has_kin(one.piece.text)]

    def _list_vanished(self, draft: Draft, source: str, keys: set[str]) -> list[tuple[str, str]]:
        """Return pieces of this file that the journal has no more: name, and text as it stands.

        One that was edited in the notes or the log has other words there, and is not among them.
        """
        rows = self._rows.get((self.workspace.show_path(draft.path), source), {})
        vanished = {key: row for key, row in rows.items() if key not in keys and row.words}
        if not vanished or (len(vanished) == len(rows) and len(rows) > _FEW):
            return []
        there = {hash_words(text): text for text in _list_texts(self._read(draft.path))}
        return [(key, there[row.words]) for key, row in vanished.items() if row.words in there]

    def _read(self, path: Path) -> str:
        if path not in self._texts:
            is_there = path.is_file()
            text = path.read_bytes().decode("utf-8-sig", "replace") if is_there else ""
            self._texts[path] = text.replace("\r\n", "\n")
        return self._texts[path]


def key_pieces(place: str, pieces: Sequence[Piece]) -> Iterator[KeyedPiece]:
    """Yield the pieces with their names in the ledger; equal ones are told apart.

    Two equal lines of one day are two pieces. Each has its number among its equals in its name,
    so that an import of the same journal finds both again, and not one twice.
    """
    seen: dict[str, int] = {}
    for piece in pieces:
        number = seen[piece.mark] = seen.get(piece.mark, 0) + 1
        yield KeyedPiece(piece, number, compute_key(place, piece.mark, number))


def _take_first(one: KeyedPiece) -> str:
    return one.piece.text.strip("\n").split("\n")[0]


def _pair(
    fresh: Sequence[KeyedPiece], vanished: Sequence[tuple[str, str]]
) -> Iterator[PieceUpdate]:
    """Yield each new piece that is an older one, edited; the most alike are paired first."""
    index = KinIndex(text for _, text in vanished)
    ranked = sorted(
        (-share, place, other)
        for place, one in enumerate(fresh)
        for share, other in index.rank(one.piece.text)
    )
    used_fresh, used_old = set[int](), set[int]()
    for _, place, other in ranked:
        if place not in used_fresh and other not in used_old:
            used_fresh.add(place)
            used_old.add(other)
            key, text = vanished[other]
            yield PieceUpdate(fresh[place].key, fresh[place].piece, key, text)


def _list_texts(text: str) -> Iterator[str]:
    for part in parse_document(text).parts:
        if isinstance(part, Block):
            yield from (piece.text for piece in part.pieces)
