"""Headings below which there is no text: they stay in the note, or are listed as left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from grader.learner.importer.contents import Remark
from grader.learner.importer.document import Document
from grader.learner.importer.pieces import Heading, Piece


def add_bare_headings(
    document: Document, dated: Collection[int], in_days: Sequence[Piece], rest: Sequence[Piece]
) -> tuple[list[Piece], list[Remark]]:
    """Return the text below no date with the headings above days alone, and what is left out.

    The days below ``# Daily progress`` go to the log, and the heading stays where it stood, in the
    note. Where there is no text for a note, the headings are left out and listed.
    """
    taken = {*dated, *(-piece.block for piece in rest if piece.block < 0)}
    taken |= {h.line for piece in (*in_days, *rest) for h in piece.above}
    bare = [
        Piece(part.text, part.line, document.paths[number], -part.line)
        for number, part in enumerate(document.parts)
        if isinstance(part, Heading) and part.line not in taken
    ]
    every = sorted([*rest, *bare], key=lambda piece: piece.line)
    if any(piece.block >= 0 for piece in rest) or not in_days:
        return every, []
    return [], [Remark(p.line, f"{p.text.strip('# ')!r}: a heading without text") for p in every]
