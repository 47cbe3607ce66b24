"""TinyDB's extension points: a Storage of whole, restorable files, and a Table of named rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Table

from grader.base.errors import RecordsError
from grader.learner.records.files import RecordFiles
from grader.learner.records.rows import Row, find_misfit, make_row, parse_row
from grader.learner.records.schemas import DamagedFile, NewerFile, Schema, Tables

T = TypeVar("T")


class FileStorage(Storage):
    """One file of records, read once, and written once when ``save`` is called.

    TinyDB's operations change the tables in memory; ``save`` puts all of them on disk in one
    step. So a file is never half one operation, and the lock spans one read and one write.
    """

    def __init__(self, path: Path, schema: Schema, files: RecordFiles) -> None:
        self.path, self.schema, self.size = path, schema, 0
        self._files = files
        self._tables, self._version = self._load()

    def read(self) -> Tables:
        """Return the tables as they are in memory."""
        return self._tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Take the changed tables; ``save`` writes them."""
        self._tables = data

    def save(self) -> None:
        """Write the tables to disk; a file of an older schema is first copied aside."""
        raw = self._encode()
        if self._version < self.schema.version:
            old = self._files.read(self.path)
            self._files.set_aside(self.path, old or b"", f"schema-{self._version}")
            self._version = self.schema.version
        self._files.write(self.path, raw)
        self.size = len(raw)

    def _encode(self) -> bytes:
        try:
            return self.schema.encode(self._tables)
        except DamagedFile as damage:
            raise self.refuse(str(damage)) from None

    def refuse(self, why: str) -> RecordsError:
        """Return the error that the new file would not fit the schema."""
        return RecordsError(
            f"{self.path}: nothing was written, since the new file {why}. "
            "This is a bug in Groundwork; please report it."
        )

    def _load(self) -> tuple[Tables, int]:
        raw = self._files.read(self.path)
        if raw is None:
            return {name: {} for name in self.schema.tables}, self.schema.version
        self.size = len(raw)
        return decode_file(self.path, self.schema, raw)


class RowTable(Table):
    """A table whose rows have names of their own, and which trusts no cache."""

    document_id_class = cast("type[int]", str)  # TinyDB's types know whole numbers only

    def __init__(self, storage: Storage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)

    def put(self, key: str, data: Any) -> None:
        """Add the row, or replace the one of that name."""
        self.put_all({key: data})

    def put_all(self, rows: Mapping[str, Any]) -> None:
        """Add the rows, or replace those of their names; many take one pass over the table."""
        made = {key: make_row(data) for key, data in rows.items()}
        for key, row in made.items():
            if wrong := find_misfit(type(rows[key]), row):
                raise cast(FileStorage, self._storage).refuse(
                    f"has a bad row {self.name}/{key}: {wrong}"
                )
        self._update_table(lambda held: cast("dict[str, Row]", held).update(made))

    def drop(self, keys: Collection[str]) -> None:
        """Remove the rows of these names."""

        def forget(rows: dict[Any, Any]) -> None:
            for key in keys:
                rows.pop(key, None)

        self._update_table(forget)

    def read_rows(self, row_type: type[T], where: QueryLike | None = None) -> dict[str, T]:
        """Return the rows by name, as data, in the names' order."""
        found = self.all() if where is None else self.search(where)
        rows = {str(row.doc_id): parse_row(row_type, row) for row in found}
        return {key: rows[key] for key in sorted(rows)}


class Database(TinyDB):
    """A TinyDB over one file of records."""

    table_class: type[Table] = RowTable
    default_storage_class: type[Storage] = FileStorage  # type: ignore[assignment]  # TinyDB declares JSONStorage

    def __init__(self, path: Path, schema: Schema, files: RecordFiles) -> None:
        super().__init__(path, schema, files)

    def get_table(self, name: str) -> RowTable:
        """Return the table of that name."""
        return cast(RowTable, self.table(name))

    def list_keys(self, name: str) -> Iterator[str]:
        """Iterate over the names of a table's rows."""
        return (str(row.doc_id) for row in self.get_table(name))

    @property
    def file(self) -> FileStorage:
        """The file behind the tables."""
        return cast(FileStorage, self.storage)


def decode_file(path: Path, schema: Schema, raw: bytes) -> tuple[Tables, int]:
    """Return the file's tables and version; refuse a newer one, and leave damage to the caller."""
    try:
        return schema.decode(raw)
    except NewerFile as newer:
        raise RecordsError(
            f"{path}: the file {newer}; nothing was changed. Update Groundwork "
            "(git pull, then python -m pip install -e .), then try again."
        ) from None
