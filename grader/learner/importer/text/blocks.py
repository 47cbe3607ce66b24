"""The blocks of a journal: each list, table and paragraph, cut into pieces by its lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token

from grader.learner.importer.text.pieces import Heading, Piece

BlockKind = Literal["list", "table", "text"]
LISTS = ("bullet_list_open", "ordered_list_open")


@dataclass(frozen=True, slots=True)
class Block:
    """A list, a table or any other block between two headings."""

    kind: BlockKind
    pieces: tuple[Piece, ...]
    tokens: tuple[Token, ...] = ()

    @property
    def above(self) -> tuple[Heading, ...]:
        """Return the headings that it stands below, outermost first."""
        return self.pieces[0].above

    @property
    def line(self) -> int:
        """Return the line where it begins."""
        return self.pieces[0].line


def split_runs(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each top-level block."""
    start = 0
    for n, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : n + 1]
            start = n + 1


def build_block(
    run: list[Token],
    number: int,
    lines: list[str],
    above: tuple[Heading, ...],
    span: tuple[int, int] = (0, 0),
) -> Block | None:
    """Build the block of one run of tokens; None for a rule and for what holds no line.

    A list is cut at its items and a table at its rows; anything else is one piece, a table without
    rows among it, of which ``span`` names some lines where it is cut by the headings in it.
    """
    first = run[0]
    if first.map is None or first.type == "hr":
        return None
    if first.type in LISTS:
        starts = [t.map[0] for t in run if t.type == "list_item_open" and t.level == 1 and t.map]
        pieces = _cut(lines, [*starts, first.map[1]], number, above)
        return Block("list", tuple(pieces), tuple(run))
    if first.type == "table_open":
        start, end = first.map
        head = "\n".join(lines[start : start + 2])
        if pieces := _cut(lines, range(start + 2, end + 1), number, above, head):
            return Block("table", tuple(pieces), tuple(run))
    pieces = _cut(lines, list(span if any(span) else first.map), number, above)
    return Block("text", tuple(pieces), tuple(run)) if pieces else None


def _cut(
    lines: list[str],
    bounds: list[int] | range,
    number: int,
    above: tuple[Heading, ...],
    head: str = "",
) -> list[Piece]:
    """Cut out the lines from each bound to the next, without the blank ones at the end."""
    pieces = []
    for start, end in pairwise(bounds):
        while end > start and not lines[end - 1].strip():
            end -= 1
        if end > start:
            loose = not head and end < bounds[-1] and not lines[end].strip()
            pieces.append(Piece("\n".join(lines[start:end]), start + 1, above, number, loose, head))
    return pieces
