"""Markdown cut into headings and blocks by the lines that they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.arrival.found import Heading, Piece

Kind = Literal["list", "table", "text", "rule"]
BOLD, COLON = 7, 8
_BOLD = re.compile(r"(\*\*|__)(?P<words>[^*_\n].{0,98}?)\1:?")
_COLON = re.compile(r"[^|\n]{1,60}:")
_FRONT = re.compile(r"\A---[ \t]*\n(?P<inside>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_NOTE = re.compile(r" {0,3}\[\^[^\]]+\]:")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading's neighbour: a list, a table, a paragraph or anything else, by its lines."""

    kind: Kind
    pieces: tuple[Piece, ...]
    tokens: tuple[Token, ...] = ()

    @property
    def above(self) -> tuple[Heading, ...]:
        """The headings that it stands below, outermost first."""
        return self.pieces[0].above

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.pieces[0].line


@dataclass(frozen=True, slots=True)
class Document:
    """A journal's headings and blocks in order."""

    parts: tuple[Heading | Block, ...]
    paths: tuple[tuple[Heading, ...], ...]
    """For each part the headings that it stands below."""
    front: str = ""
    """The lines between ``---`` at the top."""
    definitions: dict[str, str] = field(default_factory=dict)
    """The lines that links in other lines refer to, by their names."""

    @property
    def headings(self) -> Iterator[Heading]:
        """The headings in order."""
        return (part for part in self.parts if isinstance(part, Heading))

    def above(self, number: int) -> tuple[Heading, ...]:
        """The headings that the part of that number stands below."""
        return self.paths[number]


def document(text: str) -> Document:
    """The text's headings and blocks."""
    front = _FRONT.match(text)
    if front:  # the lines stay, so that numbers are right
        text = "\n" * front[0].count("\n") + text[front.end() :]
    environment: dict[str, dict[str, dict[str, list[int]]]] = {}
    tokens = _parser().parse(text, environment)
    lines = text.split("\n")
    definitions = _definitions(lines, environment)
    parts = tuple(_parts(_runs(tokens), lines, definitions))
    return Document(parts, tuple(_paths(parts)), front["inside"] if front else "", definitions)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def parsed(text: str) -> list[Token]:
    """The tokens of a piece of text."""
    return _parser().parse(text)


def inline(text: str) -> Token:
    """The token of a piece of text that is one line of words."""
    return _parser().parseInline(text)[0]


def words(token: Token) -> str:
    """What an inline token says, without its markup."""
    said = ("text", "code_inline", "image")
    told = (
        child.content if child.type in said else " " if child.type.endswith("break") else ""
        for child in token.children or []
    )
    return " ".join("".join(told).split())


def _definitions(
    lines: list[str], environment: dict[str, dict[str, dict[str, list[int]]]]
) -> dict[str, str]:
    found = {}
    for label, known in environment.get("references", {}).items():
        start, end = known["map"]
        found[label.casefold()] = "\n".join(lines[start:end])
    return found


def _runs(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each top-level block."""
    start = 0
    for n, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : n + 1]
            start = n + 1


def _parts(
    runs: Iterator[list[Token]], lines: list[str], definitions: dict[str, str]
) -> Iterator[Heading | Block]:
    path: list[Heading] = []
    held = list(runs)
    for number, run in enumerate(held):
        after = held[number + 1] if number + 1 < len(held) else []
        heading = _heading(run, after, lines)
        if heading is not None:
            path = [other for other in path if other.level < heading.level] + [heading]
            yield heading
        elif (block := _block(run, number, lines, tuple(path))) is not None:
            if _NOTE.match(block.pieces[0].text):
                name = block.pieces[0].text.partition("[")[2].partition("]")[0]
                definitions[name.casefold()] = block.pieces[0].text
            else:
                yield block


def _paths(parts: tuple[Heading | Block, ...]) -> Iterator[tuple[Heading, ...]]:
    path: tuple[Heading, ...] = ()
    for part in parts:
        if isinstance(part, Heading):
            path = tuple(other for other in path if other.level < part.level)
            yield path
            path = (*path, part)
        else:
            yield part.above


def _heading(run: list[Token], after: list[Token], lines: list[str]) -> Heading | None:
    first = run[0]
    if first.map is None:
        return None
    start, end = first.map
    text = "\n".join(lines[start:end]).strip()
    if first.type == "heading_open":
        return Heading(int(first.tag[1]), words(run[1]), text, start + 1)
    if first.type != "paragraph_open":
        return None
    if (bold := _BOLD.fullmatch(text)) and "**" not in bold["words"]:
        return Heading(BOLD, words(run[1]).rstrip(":"), text, start + 1)
    follows = bool(after) and after[0].type in _GATHERS
    if follows and _COLON.fullmatch(text):
        return Heading(COLON, words(run[1]).rstrip(":"), text, start + 1)
    return None


_GATHERS = ("bullet_list_open", "ordered_list_open", "table_open")


def _block(
    run: list[Token], number: int, lines: list[str], above: tuple[Heading, ...]
) -> Block | None:
    first = run[0]
    if first.map is None:
        return None
    if first.type == "hr":
        return None
    if first.type in ("bullet_list_open", "ordered_list_open"):
        starts = [t.map[0] for t in run if t.type == "list_item_open" and t.level == 1 and t.map]
        pieces = _cut(lines, [*starts, first.map[1]], number, above)
        return Block("list", tuple(pieces), tuple(run))
    if first.type == "table_open":
        start, end = first.map
        pieces = _cut(lines, range(start + 2, end + 1), number, above, _head(lines, start))
        return Block("table", tuple(pieces), tuple(run)) if pieces else None
    pieces = _cut(lines, first.map, number, above)
    return Block("text", tuple(pieces), tuple(run)) if pieces else None


def _head(lines: list[str], start: int) -> str:
    return "\n".join(lines[start : start + 2])


def _cut(
    lines: list[str],
    bounds: list[int] | range,
    number: int,
    above: tuple[Heading, ...],
    head: str = "",
) -> list[Piece]:
    """The lines from each bound to the next, without the blank ones at the end."""
    pieces = []
    for start, end in pairwise(bounds):
        while end > start and not lines[end - 1].strip():
            end -= 1
        if end > start:
            loose = not head and end < bounds[-1] and not lines[end].strip()
            pieces.append(Piece("\n".join(lines[start:end]), start + 1, above, number, loose, head))
    return pieces
