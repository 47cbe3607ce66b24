"""Rules (``---``) between two pieces: they stay where both pieces stay together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from grader.learner.importer.contents import JournalDay
from grader.learner.importer.text.document import Document
from grader.learner.importer.text.pieces import Piece

_FAR = 10_000_000
"""Added to a rule's line, it is a number that no block has."""


def keep_rules(
    document: Document, kept: Sequence[Piece], days: Sequence[JournalDay]
) -> tuple[list[Piece], list[JournalDay]]:
    """Return the pieces of the note and the days with the rules in them.

    A rule between two days, or between a day and the text of the note, separates nothing any more.
    """
    groups = [list(kept), *(list(day.pieces) for day in days)]
    every = sorted((piece.line, n) for n, group in enumerate(groups) for piece in group)
    for line in document.rules:
        after = bisect_left(every, (line, 0))
        if 0 < after < len(every) and every[after - 1][1] == every[after][1]:
            _insert(groups[every[after][1]], document.lines[line - 1], line)
    held = [replace(day, pieces=tuple(group)) for day, group in zip(days, groups[1:], strict=True)]
    return groups[0], held


def _insert(group: list[Piece], text: str, line: int) -> None:
    """Insert a rule before the next piece, below the headings that stand before the rule."""
    at = bisect_left(group, line, key=lambda piece: piece.line)
    above = tuple(heading for heading in group[at].above if heading.line < line)
    group.insert(at, Piece(text.strip(), line, above, _FAR + line))
