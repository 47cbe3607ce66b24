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
        if rows:
            self.change(lambda known: rows)

    def add(self, rows: Mapping[str, T]) -> dict[str, T]:
        """Add those rows whose names are new, in one step; gives what was added."""
        return self.change(lambda known: {k: row for k, row in rows.items() if k not in known})

    def revise(self, key: str, rule: Callable[[T | None], T | None]) -> T | None:
        """Put what the rule makes of one row, and give it.

        The rule is given None where there is no such row; when it gives None, all stays.
        """

        def due(known: dict[str, T]) -> dict[str, T]:
            row = rule(known.get(key))
            return {} if row is None else {key: row}

        return self.change(due).get(key)

    def change(self, due: Callable[[dict[str, T]], Mapping[str, T]]) -> dict[str, T]:
        """Put what ``due`` makes of the rows as they are; no other writer comes between.

        Gives what was put; when this returns, it is on disk.
        """
        with self._keep.locked():
            book = self._mended()
            table = book.rows(self._name)
            fresh = dict(due(table.data(self._row)))
            for key, row in fresh.items():
                table.put(key, row)
            if fresh:
                book.pages.save()
            return fresh

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
