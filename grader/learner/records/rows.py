"""Frozen data to rows of JSON and back, with every value's type tested on the way."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from functools import cache
from math import isfinite
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Row = dict[str, Any]
Test = Callable[[object], bool]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MonthCount:
    """What the standings have counted of one month's attempts."""

    size: int
    """Bytes of the month's files together: another size means attempts not yet counted."""
    days: dict[str, int] = field(default_factory=dict)
    """Attempts on each local day."""


def make_row(data: Any) -> Row:
    """Return the data as a row; a tuple becomes a list, as JSON has it."""
    row = asdict(data)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


def parse_row(row_type: type[T], row: Mapping[str, Any]) -> T:
    """Return the row as data; keys that this version does not know are left out."""
    known = list_tests(cast(Hashable, row_type))
    return row_type(**{k: tuple(v) if type(v) is list else v for k, v in row.items() if k in known})


def find_misfit(row_type: type, row: object) -> str | None:
    """Return what is wrong with the row, or None when it fits."""
    if not isinstance(row, dict):
        return f"a row is {type(row).__name__}, not an object"
    for name, (fits, needed) in list_tests(row_type).items():
        if name not in row:
            if needed:
                return f"a row has no {name!r}"
        elif not fits(row[name]):
            return f"{name!r} is {row[name]!r:.60}"
    return None


@cache
def list_tests(row_type: Hashable) -> dict[str, tuple[Test, bool]]:
    """Return each field's test, and whether a row must have it."""
    declared = cast("type[Any]", row_type)
    hints = get_type_hints(declared)
    return {
        item.name: (
            make_test(hints[item.name]),
            item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(declared)
    }


def make_test(hint: Any) -> Test:
    """Return a test of a value read from JSON against the type that a field declares."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        tests = [make_test(arg) for arg in args]
        return lambda value: any(fits(value) for fits in tests)
    if origin is Literal:
        return lambda value: type(value) is str and value in args
    if origin is dict:
        name, item = make_test(args[0]), make_test(args[1])
        return lambda value: (
            type(value) is dict and all(name(k) and item(v) for k, v in value.items())
        )
    if origin is tuple:
        each = make_test(args[0])
        return lambda value: type(value) is list and all(each(item) for item in value)
    if hint is float:
        return lambda value: type(value) in (float, int) and isfinite(cast(float, value))
    return lambda value: type(value) is hint
