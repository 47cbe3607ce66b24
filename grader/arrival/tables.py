"""What a table is, by its head, and its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Meaning = Literal["questions", "glossary", "readings", "status", "other"]

_BAR = re.compile(r"(?<!\\)\|")
_QUESTION = re.compile(r"questions?|q|prompt|front", re.IGNORECASE)
_ANSWER = re.compile(r"answers?|a|back", re.IGNORECASE)
_TERM = re.compile(r"(?:key)?(?:terms?|words?|concepts?|abbreviations?|acronyms?)", re.IGNORECASE)
_MEANING = re.compile(r"(?:definitions?|explanations?|meanings?|descriptions?)", re.IGNORECASE)
_STATUS = re.compile(r"status|state|done\??|completed?\??|progress|✅|✓|finished\??", re.IGNORECASE)
_READING = re.compile(
    r"(?:title|name|paper|book|article|course|video|resource|tutorial|link|url)s?", re.IGNORECASE
)
_STRONG = re.compile(r"(?:paper|book|article|resource|tutorial|link|url|reading)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table is, and in which of its columns what it needs stands."""

    meaning: Meaning
    first: int = 0
    """The question, the term, the title or the component."""
    second: int = 0
    """The answer, the definition, the link or the status."""


def cells(line: str) -> list[str]:
    """The cells of a row, as they were written; bars in them are escaped as before."""
    inner = line.strip()
    inner = inner.removeprefix("|")
    parts = [part.strip() for part in _BAR.split(inner)]
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts


def columns(head: str, rows: Sequence[str]) -> Columns:
    """What a table with this head and these rows is."""
    names = [re.sub(r"[*_`]", "", cell).strip() for cell in cells(head.split("\n")[0])]
    if (pair := _pair(names, _QUESTION, _ANSWER)) is not None:
        return Columns("questions", *pair)
    if (pair := _pair(names, _TERM, _MEANING)) is not None:
        return Columns("glossary", *pair)
    status = _at(names, _STATUS)
    readings = _readings(names, rows)
    if status is not None and readings is None:
        first = 0 if status else min(1, len(names) - 1)
        return Columns("status", first, status)
    return readings or Columns("other")


def _readings(names: list[str], rows: Sequence[str]) -> Columns | None:
    """A reading list says so, or has links below the title."""
    found = [n for n, name in enumerate(names) if _is_reading(name)]
    if not found:
        return None
    linked = [sum("](" in _cell(row, n) or "://" in _cell(row, n) for row in rows) for n in found]
    strong = [n for n in found if any(_STRONG.fullmatch(part) for part in _parts(names[n]))]
    if not strong and 2 * max(linked) < len(rows):
        return None
    return Columns("readings", found[0], found[linked.index(max(linked))])


def _is_reading(name: str) -> bool:
    return bool(name) and all(_READING.fullmatch(part) for part in _parts(name))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"\s*[+/&,]\s*|\s+and\s+", name) if part]


def _cell(row: str, n: int) -> str:
    found = cells(row)
    return found[n] if n < len(found) else ""


def _pair(names: list[str], one: re.Pattern[str], other: re.Pattern[str]) -> tuple[int, int] | None:
    first, second = _at(names, one), _at(names, other)
    return None if first is None or second is None or first == second else (first, second)


def _at(names: list[str], pattern: re.Pattern[str]) -> int | None:
    return next((n for n, name in enumerate(names) if pattern.fullmatch(name)), None)


def row(line: str, width: int) -> tuple[list[str], int]:
    """A row's cells, as many as its head has, and how many it had beyond them.

    What stands beyond the last column joins it, with its bar escaped: GitHub shows none of it.
    """
    found = cells(line)
    more = [cell for cell in found[width:] if re.search(r"\w", cell)]
    found = [*found[:width], *[""] * (width - len(found))]
    if more:
        found[-1] = r" \| ".join([found[-1], *more])
    return found, len(more)


def line(parts: Sequence[str]) -> str:
    """A row of these cells."""
    return f"| {' | '.join(parts)} |"


def head(names: Sequence[str]) -> str:
    """A table's first two lines."""
    return f"{line(names)}\n{line(['---'] * len(names))}"
