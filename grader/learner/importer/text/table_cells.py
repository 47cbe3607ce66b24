"""The cells of a table, and what its head says that it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from grader.learner.importer.text.tokens import extract_words, parse_inline

Meaning = Literal["questions", "readings", "other"]

_MARKUP = re.compile(r"[\\`*_\[\]<>!&~|]|\s\s")
_BAR = re.compile(r"(?<!\\)\|")
_QUESTION = re.compile(r"questions?|q|prompt|front", re.IGNORECASE)
_ANSWER = re.compile(r"answers?|a|back", re.IGNORECASE)
_TERM = re.compile(r"(?:key)?(?:terms?|words?|concepts?|abbreviations?|acronyms?)", re.IGNORECASE)
_MEANING = re.compile(r"(?:definitions?|explanations?|meanings?|descriptions?)", re.IGNORECASE)
_READING = re.compile(
    r"(?:title|name|paper|book|article|course|video|resource|tutorial|link|url)s?", re.IGNORECASE
)
_STRONG = re.compile(r"(?:paper|book|article|resource|tutorial|link|url|reading)s?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table holds, and the two columns that this meaning uses."""

    meaning: Meaning
    first: int = 0
    """The question or the title."""
    second: int = 0
    """The answer or the link."""


def split_cells(line: str) -> list[str]:
    """Return the cells of a row as they were written; bars within them stay escaped."""
    parts = [part.strip() for part in _BAR.split(line.strip().removeprefix("|"))]
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts


def find_columns(head: str, rows: Sequence[str]) -> Columns:
    """Return what a table with this head and these rows holds besides text.

    Questions need both of their columns, so they come first. A list of terms may have links to
    where they are explained; it is no reading list.
    """
    names = _list_names(head)
    if (pair := _find_pair(names, _QUESTION, _ANSWER)) is not None:
        return Columns("questions", *pair)
    if _find_pair(names, _TERM, _MEANING) is not None:
        return Columns("other")
    return _find_reading_columns(names, rows) or Columns("other")


def has_cards(head: str) -> bool:
    """Return True if a table with this head is one of cards wherever it stands in a note."""
    return [name.casefold() for name in _list_names(head)] == ["question", "answer"]


def _list_names(head: str) -> list[str]:
    return [re.sub(r"[*_`]", "", cell).strip() for cell in split_cells(head.split("\n")[0])]


def _find_reading_columns(names: list[str], rows: Sequence[str]) -> Columns | None:
    """Return the title and link columns of a reading list; None for any other table.

    "Title" or "name" may head any table: then half of the rows must have a link. A column "paper"
    or "book" is enough by itself. The link is taken from the column that has most of them.
    """
    titles = [n for n, name in enumerate(names) if _is_reading(name)]
    if not titles:
        return None
    links = [sum(_has_link(row, n) for row in rows) for n in titles]
    strong = [n for n in titles if any(_STRONG.fullmatch(part) for part in _split_name(names[n]))]
    if not strong and 2 * max(links) < len(rows):
        return None
    return Columns("readings", titles[0], titles[links.index(max(links))])


def _is_reading(name: str) -> bool:
    return bool(name) and all(_READING.fullmatch(part) for part in _split_name(name))


def _split_name(name: str) -> list[str]:
    return [part for part in re.split(r"\s*[+/&,]\s*|\s+and\s+", name) if part]


def _has_link(row: str, n: int) -> bool:
    cells = split_cells(row)
    return n < len(cells) and ("](" in cells[n] or "://" in cells[n])


def _find_pair(
    names: list[str], one: re.Pattern[str], other: re.Pattern[str]
) -> tuple[int, int] | None:
    first, second = _find_column(names, one), _find_column(names, other)
    return None if first is None or second is None or first == second else (first, second)


def _find_column(names: list[str], pattern: re.Pattern[str]) -> int | None:
    return next((n for n, name in enumerate(names) if pattern.fullmatch(name)), None)


def fit_row(line: str, width: int) -> tuple[list[str], int]:
    """Return a row's cells, as many as its head has, and how many it had beyond them.

    Cells beyond the last column, which GitHub does not show, join it with their bar escaped.
    """
    cells = split_cells(line)
    extra = [cell for cell in cells[width:] if re.search(r"\w", cell)]
    cells = [*cells[:width], *[""] * (width - len(cells))]
    if extra:
        cells[-1] = r" \| ".join([cells[-1], *extra])
    return cells, len(extra)


def format_row(cells: Sequence[str]) -> str:
    """Return the line of a row."""
    return f"| {' | '.join(cells)} |"


def format_head(names: Sequence[str]) -> str:
    """Return the first two lines of a table."""
    return f"{format_row(names)}\n{format_row(['---'] * len(names))}"


def extract_cell_words(cell: str) -> str:
    """Return a cell's words without markup."""
    if not _MARKUP.search(cell):
        return cell.strip()
    return extract_words(parse_inline(cell.replace(r"\|", "|")))
