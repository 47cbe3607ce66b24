"""Items with a date inside an item without one: ``- 2025-07-20: read`` below ``- Week 1``."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from markdown_it.token import Token

from grader.learner.importer.dates.meanings import WrittenDate
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.text import lists
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.pieces import Piece
from grader.learner.importer.text.tokens import extract_words


def find_nested(block: Block) -> list[tuple[Piece, WrittenDate]]:
    """Return the dated items directly inside the items of a list, if at least half are dated."""
    found: list[tuple[Piece, WrittenDate]] = []
    number = 0
    for piece, item in zip(block.pieces, lists.split_items(block.tokens), strict=True):
        inner = list(_list_inner(item))
        number += len(inner)
        for line, words in inner:
            written = parse_date(words) if any(mark.isdigit() for mark in words) else None
            if written and written.leads and written.year and not written.weak:
                text = piece.text.split("\n")[line]
                found.append((replace(piece, text=text.strip(), line=piece.line + line), written))
    return found if 2 * len(found) >= number else []


def _list_inner(item: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the items one level down, each with its line inside the outer item and its words."""
    start = (item[0].map or [0])[0]
    for n, token in enumerate(item):
        is_inner = token.type == "list_item_open" and token.level == item[0].level + 2
        if is_inner and token.map and (line := lists.find_first_line(item[n:])) is not None:
            yield token.map[0] - start, extract_words(line)


def find_nested_lines(piece: Piece, dated: Collection[int]) -> list[int]:
    """Return the lines inside a piece that say a day."""
    end = piece.line + piece.text.count("\n")
    return [line for line in range(piece.line + 1, end + 1) if line in dated]


def cut_piece(piece: Piece, starts: Sequence[int]) -> Iterator[Piece]:
    """Yield what an item says above its dated items, and then each of these, moved to the left."""
    lines = piece.text.split("\n")
    bounds = [piece.line, *starts, piece.line + len(lines)]
    for start, end in pairwise(bounds):
        text = "\n".join(lines[start - piece.line : end - piece.line]).rstrip()
        text = text if start == piece.line else textwrap.dedent(text)
        yield replace(piece, text=text, line=start)
