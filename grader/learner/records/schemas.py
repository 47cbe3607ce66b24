"""The schemas of the files: their tables, their version, and how older files are migrated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from grader.grading.outcome import Attempt, Standing
from grader.learner.records.rows import MonthCount, Row, find_misfit, make_row, parse_row
from grader.learner.records.summary import join_standings

Tables = dict[str, dict[str, Row]]
Migration = Callable[[dict[str, Any]], dict[str, Any]]

_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class DamagedFile(Exception):
    """The bytes do not fit the schema; the message says why."""


class NewerFile(Exception):
    """The file's schema is newer than this Groundwork's; the message says which."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What the rows of a file hold, and which migrations lead to today's version."""

    tables: Mapping[str, type]
    migrations: tuple[Migration, ...]
    """``migrations[n]`` turns a document of schema n into one of schema n + 1."""
    joins: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    """For a table whose rows both sides of a merge may have changed: the better of two rows."""

    @property
    def version(self) -> int:
        """Today's version. A document that names none is of version 0."""
        return len(self.migrations)

    def encode(self, tables: Mapping[str, Mapping[str, Any]]) -> bytes:
        """Return the file's bytes: indented, sorted, so that git shows and merges them row by row.

        Each row was tested when it was read or put in.
        """
        try:
            return orjson.dumps({"schema": self.version, **tables}, option=_READABLE)
        except TypeError as error:
            raise DamagedFile(f"cannot be written as JSON ({error})") from None

    def decode(self, raw: bytes) -> tuple[Tables, int]:
        """Return the file's tables, brought up to date, and the version that it had."""
        if not raw.strip(b"\0 \r\n\t"):
            raise DamagedFile("is empty")
        try:
            document = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise DamagedFile(f"is not JSON: {error.msg}, line {error.lineno}") from None
        if not isinstance(document, dict):
            raise DamagedFile("does not hold a JSON object")
        found = document.pop("schema", 0)
        tables = self._migrate(document, found)
        self._verify(tables)
        return {name: tables.get(name, {}) for name in self.tables}, found

    def _migrate(self, document: dict[str, Any], found: object) -> dict[str, Any]:
        if type(found) is not int or found < 0:
            raise DamagedFile(f"has the schema {found!r:.20}")
        if found > self.version:
            raise NewerFile(
                f"has schema {found}; this Groundwork knows schemas up to {self.version}"
            )
        for number, step in enumerate(self.migrations[found:], found):
            try:
                document = step(document)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise DamagedFile(f"does not fit schema {number} ({error!r:.60})") from None
        return document

    def _verify(self, tables: Mapping[str, Any]) -> None:
        first = next(iter(self.tables))
        if first not in tables:
            raise DamagedFile(f"has no {first!r}")
        for name, kind in self.tables.items():
            rows = tables.get(name, {})
            if not isinstance(rows, dict):
                raise DamagedFile(f"has {name!r} as {type(rows).__name__}, not an object")
            for key, row in rows.items():
                if wrong := find_misfit(kind, row):
                    raise DamagedFile(f"has a bad row {name}/{key}: {wrong}")


def merge_tables(schema: Schema, one: Tables, other: Tables) -> Tables:
    """Return the rows of both; of a row in both, what the schema's join makes of the two."""
    both = {name: {**other[name], **one[name]} for name in one}
    for name, join in schema.joins.items():
        for key in one[name].keys() & other[name].keys():
            row: type[Any] = schema.tables[name]
            both[name][key] = make_row(
                join(parse_row(row, one[name][key]), parse_row(row, other[name][key]))
            )
    return both


def add_version(document: dict[str, Any]) -> dict[str, Any]:
    """Migrate version 0 to 1: the file states its version, and nothing else changes."""
    return document


STANDING = Schema(
    {"standing": Standing, "months": MonthCount}, (add_version,), {"standing": join_standings}
)
ATTEMPTS = Schema({"attempts": Attempt}, (add_version,))
