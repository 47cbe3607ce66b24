"""The small files beside the attempts: cards, readings and what an import took over, row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from grader.learner.records.files import RecordFiles
from grader.learner.records.schemas import DamagedFile, Schema
from grader.learner.records.storage import Database

T = TypeVar("T")


class RecordTable(Generic[T]):
    """One file with one table of rows by name, made at the first write.

    It keeps the promises of the attempts: whole or not at all, one writer at a time, restored
    from a backup, both sides of a merge kept.
    """

    def __init__(self, folder: Path, name: str, row: type[T], schema: Schema) -> None:
        self.path = folder / f"{name}.json"
        self.warnings: list[str] = []
        """What was restored, for the console to show."""
        self._name, self._row, self._schema, self._files = name, row, schema, RecordFiles(folder)

    def read_all(self) -> dict[str, T]:
        """Return the rows by name, in the names' order."""
        return self._open().get_table(self._name).read_rows(self._row)

    def get(self, key: str) -> T | None:
        """Return the row of that name."""
        return self.read_all().get(key)

    def put(self, rows: Mapping[str, T]) -> None:
        """Add the rows, or replace those of their names; when this returns, they are on disk."""
        if rows:
            self.change(lambda known: rows)

    def add(self, rows: Mapping[str, T]) -> dict[str, T]:
        """Add those rows whose names are new, in one step; return what was added."""
        return self.change(lambda known: {k: row for k, row in rows.items() if k not in known})

    def remove(self, keys: Collection[str]) -> None:
        """Remove the rows of these names, in one step."""
        if not keys:
            return
        with self._files.hold_lock():
            database = self._open_restored()
            database.get_table(self._name).drop(keys)
            database.file.save()

    def revise(self, key: str, rule: Callable[[T | None], T | None]) -> T | None:
        """Put what the rule makes of one row, and return it.

        The rule gets None where there is no such row; if it returns None, nothing changes.
        """

        def apply(known: dict[str, T]) -> dict[str, T]:
            row = rule(known.get(key))
            return {} if row is None else {key: row}

        return self.change(apply).get(key)

    def change(self, rule: Callable[[dict[str, T]], Mapping[str, T]]) -> dict[str, T]:
        """Put what ``rule`` makes of the rows as they are; no other writer comes between.

        Return what was put; when this returns, it is on disk.
        """
        with self._files.hold_lock():
            database = self._open_restored()
            table = database.get_table(self._name)
            fresh = dict(rule(table.read_rows(self._row)))
            if fresh:
                table.put_all(fresh)
                database.file.save()
            return fresh

    def _open(self) -> Database:
        try:
            return Database(self.path, self._schema, self._files)
        except DamagedFile:
            with self._files.hold_lock():
                return self._open_restored()

    def _open_restored(self) -> Database:
        """Open the file, restored if its file is damaged; only the lock's holder may call this."""
        try:
            return Database(self.path, self._schema, self._files)
        except DamagedFile:
            from grader.learner.records.restore import restore_file  # rarely needed

            if warning := restore_file(self.path, self._schema, self._files):
                self.warnings.append(warning)
            return Database(self.path, self._schema, self._files)
