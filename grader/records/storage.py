"""TinyDB's extension points: a Storage of whole, restorable files, and a Table of named rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Table

from grader.errors import RecordsError
from grader.records.conflict import sides
from grader.records.keep import Keep
from grader.records.kinds import Damage, Kind, Newer, Tables, merged
from grader.records.rows import Row, data_of, misfit, row_of

T = TypeVar("T")


class Pages(Storage):
    """One file of records, read once and written once, when told to.

    TinyDB's operations change the tables in memory; ``save`` puts all of them on disk in one
    step. So a file is never half one operation, and the lock spans one read and one write.
    """

    def __init__(self, path: Path, kind: Kind, keep: Keep) -> None:
        self.path, self.kind, self.size = path, kind, 0
        self._keep = keep
        self._tables, self._schema = self._load()

    def read(self) -> Tables:
        """The tables as they are in memory."""
        return self._tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Take the changed tables; ``save`` writes them."""
        self._tables = data

    def save(self) -> None:
        """Put the tables on disk; a file of an older schema is first kept aside."""
        raw = self._encoded()
        if self._schema < self.kind.schema:
            old = self._keep.read(self.path)
            self._keep.set_aside(self.path, old or b"", f"schema-{self._schema}")
            self._schema = self.kind.schema
        self._keep.write(self.path, raw)
        self.size = len(raw)

    def _encoded(self) -> bytes:
        try:
            return self.kind.encode(self._tables)
        except Damage as damage:
            raise self.refused(str(damage)) from None

    def refused(self, why: str) -> RecordsError:
        """That the new file would not be one of this kind."""
        return RecordsError(
            f"{self.path}: nothing was written, since the new file {why}. "
            "This is a fault of Groundwork's; please report it."
        )

    def _load(self) -> tuple[Tables, int]:
        raw = self._keep.read(self.path)
        if raw is None:
            return {name: {} for name in self.kind.tables}, self.kind.schema
        self.size = len(raw)
        return decoded(self.path, self.kind, raw)


class Rows(Table):
    """A table whose rows have names of their own, and which trusts no cache."""

    document_id_class = cast("type[int]", str)  # TinyDB's types know whole numbers only

    def __init__(self, storage: Storage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)

    def put(self, key: str, data: Any) -> None:
        """Add the row, or replace the one of that name."""
        row = row_of(data)
        if wrong := misfit(type(data), row):
            raise cast(Pages, self._storage).refused(f"has a bad row {self.name}/{key}: {wrong}")
        self._update_table(lambda rows: cast("dict[str, Row]", rows).update({key: row}))

    def data(self, kind: type[T], where: QueryLike | None = None) -> dict[str, T]:
        """The rows by name, as data, in the names' order."""
        found = self.all() if where is None else self.search(where)
        rows = {str(row.doc_id): data_of(kind, row) for row in found}
        return {key: rows[key] for key in sorted(rows)}


class Book(TinyDB):
    """A TinyDB over one of our files."""

    table_class: type[Table] = Rows
    default_storage_class: type[Storage] = Pages  # type: ignore[assignment]  # they say JSON

    def __init__(self, path: Path, kind: Kind, keep: Keep) -> None:
        super().__init__(path, kind, keep)

    def rows(self, name: str) -> Rows:
        """The table of that name."""
        return cast(Rows, self.table(name))

    def names(self, name: str) -> Iterator[str]:
        """The names of a table's rows."""
        return (str(row.doc_id) for row in self.rows(name))

    @property
    def pages(self) -> Pages:
        """The file behind the tables."""
        return cast(Pages, self.storage)


def decoded(path: Path, kind: Kind, raw: bytes) -> tuple[Tables, int]:
    """The file's tables and schema; a newer schema is refused, and damage is for the caller."""
    try:
        return kind.decode(raw)
    except Newer as newer:
        raise RecordsError(
            f"{path}: the file {newer}; nothing was changed. Update Groundwork "
            "(git pull, then python -m pip install -e .), then try again."
        ) from None


def mend(path: Path, kind: Kind, keep: Keep) -> str | None:
    """Restore a damaged file, under the lock; says what was done, or None when it is whole.

    Git's conflict markers are settled by keeping the rows of both sides.
    """
    raw = keep.read(path)
    if raw is None:
        return None
    try:
        decoded(path, kind, raw)
        return None
    except Damage as damage:
        why = damage
    tables, source = _rescued(path, kind, keep, raw, why)
    aside = keep.set_aside(path, raw, "damaged")
    keep.write(path, kind.encode(tables))
    return f"{path}: the file {why}. It was restored from {source}; what it held is kept in {aside}"


def _rescued(path: Path, kind: Kind, keep: Keep, raw: bytes, why: Damage) -> tuple[Tables, str]:
    if both := sides(raw):
        try:
            ours, theirs = (decoded(path, kind, side)[0] for side in both)
            return merged(kind, ours, theirs), "both sides of git's conflict"
        except Damage:
            pass
    for backup in keep.backups(path):
        try:
            if (old := keep.read(backup)) is not None:
                return decoded(backup, kind, old)[0], f"its backup {backup}"
        except Damage:
            continue
    folder = keep.backups(path)[0].parent
    raise RecordsError(
        f"{path}: the file {why}, and no whole backup of it lies in {folder}. "
        "Nothing was changed. Bring it back with git (git restore), or move it away to go on "
        "without it."
    )
