"""The small files beside the attempts: cards, readings and what an import brought, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from grader.records.keep import Keep
from grader.records.kinds import Damage, Kind
from grader.records.storage import Book, mend

T = TypeVar("T")


class Shelf(Generic[T]):
    """One file with one table of rows by name, made at the first write.

    It keeps the promises of the attempts: whole or not at all, one writer at a time, restored
    from a backup, both sides of a merge kept.
    """

    def __init__(self, folder: Path, name: str, row: type[T], kind: Kind) -> None:
        self.path = folder / f"{name}.json"
        self.warnings: list[str] = []
        """What was restored, for the console to say."""
        self._name, self._row, self._kind, self._keep = name, row, kind, Keep(folder)

    def all(self) -> dict[str, T]:
        """The rows by name, in the names' order."""
        return self._opened().rows(self._name).data(self._row)

    def get(self, key: str) -> T | None:
        """The row of that name."""
        return self.all().get(key)

    def put(self, rows: Mapping[str, T]) -> None:
        """Add the rows, or replace those of their names; when this returns, they are on disk."""
        if not rows:
            return
        with self._keep.locked():
            book = self._mended()
            table = book.rows(self._name)
            for key, row in rows.items():
                table.put(key, row)
            book.pages.save()

    def add(self, rows: Mapping[str, T]) -> dict[str, T]:
        """Add those rows whose names are new, in one step; gives what was added."""
        with self._keep.locked():
            book = self._mended()
            table = book.rows(self._name)
            known = table.data(self._row)
            fresh = {key: row for key, row in rows.items() if key not in known}
            for key, row in fresh.items():
                table.put(key, row)
            if fresh:
                book.pages.save()
            return fresh

    def change(self, key: str, rule: Callable[[T | None], T | None]) -> T | None:
        """Put what the rule makes of the row, in one step that no other process comes between.

        The rule is given None where there is no such row, and gives None to leave all as it is.
        What it gave comes back; when this returns, it is on disk.
        """
        with self._keep.locked():
            book = self._mended()
            table = book.rows(self._name)
            row = rule(table.data(self._row).get(key))
            if row is not None:
                table.put(key, row)
                book.pages.save()
            return row

    def _opened(self) -> Book:
        try:
            return Book(self.path, self._kind, self._keep)
        except Damage:
            with self._keep.locked():
                return self._mended()

    def _mended(self) -> Book:
        """The book, restored first if its file is damaged; only the lock's holder may call this."""
        try:
            return Book(self.path, self._kind, self._keep)
        except Damage:
            if told := mend(self.path, self._kind, self._keep):
                self.warnings.append(told)
            return Book(self.path, self._kind, self._keep)
