"""The kinds of file: their tables, their schema, and how older ones are brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from grader.outcome import Attempt, Standing
from grader.records.rows import Month, Row, data_of, misfit, row_of
from grader.records.tally import joined

Tables = dict[str, dict[str, Row]]
Step = Callable[[dict[str, Any]], dict[str, Any]]

_READABLE = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class Damage(Exception):
    """The bytes are not a file of this kind; says why."""


class Newer(Exception):
    """The file's schema is newer than ours; says which."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what its rows hold and which steps lead to today's schema."""

    tables: Mapping[str, type]
    steps: tuple[Step, ...]
    """``steps[n]`` turns a document of schema n into one of schema n + 1."""
    joins: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    """For a table whose rows both sides of a merge may have changed: the better account of two."""

    @property
    def schema(self) -> int:
        """Today's schema. A document that names none is of schema 0."""
        return len(self.steps)

    def encode(self, tables: Mapping[str, Mapping[str, Any]]) -> bytes:
        """The file's bytes: indented, sorted, so that git shows and merges them row by row.

        Each row was tested when it was read or put in.
        """
        try:
            return orjson.dumps({"schema": self.schema, **tables}, option=_READABLE)
        except TypeError as error:
            raise Damage(f"cannot be written as JSON ({error})") from None

    def decode(self, raw: bytes) -> tuple[Tables, int]:
        """The file's tables, brought up to date, and the schema that it had."""
        if not raw.strip(b"\0 \r\n\t"):
            raise Damage("is empty")
        try:
            document = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise Damage(f"is not JSON: {error.msg}, line {error.lineno}") from None
        if not isinstance(document, dict):
            raise Damage("does not hold a JSON object")
        found = document.pop("schema", 0)
        tables = self._migrated(document, found)
        self._verify(tables)
        return {name: tables.get(name, {}) for name in self.tables}, found

    def _migrated(self, document: dict[str, Any], found: object) -> dict[str, Any]:
        if type(found) is not int or found < 0:
            raise Damage(f"has the schema {found!r:.20}")
        if found > self.schema:
            raise Newer(f"has schema {found}; this Groundwork knows schemas up to {self.schema}")
        for number, step in enumerate(self.steps[found:], found):
            try:
                document = step(document)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise Damage(f"does not fit schema {number} ({error!r:.60})") from None
        return document

    def _verify(self, tables: Mapping[str, Any]) -> None:
        first = next(iter(self.tables))
        if first not in tables:
            raise Damage(f"has no {first!r}")
        for name, kind in self.tables.items():
            rows = tables.get(name, {})
            if not isinstance(rows, dict):
                raise Damage(f"has {name!r} as {type(rows).__name__}, not an object")
            for key, row in rows.items():
                if wrong := misfit(kind, row):
                    raise Damage(f"has a bad row {name}/{key}: {wrong}")


def merged(kind: Kind, one: Tables, other: Tables) -> Tables:
    """The rows of both; one known to both is the better account of it."""
    both = {name: {**other[name], **one[name]} for name in one}
    for name, join in kind.joins.items():
        for key in one[name].keys() & other[name].keys():
            row: type[Any] = kind.tables[name]
            both[name][key] = row_of(
                join(data_of(row, one[name][key]), data_of(row, other[name][key]))
            )
    return both


def numbered(document: dict[str, Any]) -> dict[str, Any]:
    """Schema 0 to 1: the file states its schema, and nothing else changes."""
    return document


STANDING = Kind({"standing": Standing, "months": Month}, (numbered,), {"standing": joined})
ATTEMPTS = Kind({"attempts": Attempt}, (numbered,))
