"""The files that a journal's pieces go to: days of the log, tables, and a note for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.pieces import Heading, Piece
from grader.services.import_files import ImportFile
from grader.services.import_readings import join_lines


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """New pieces for one file."""

    path: Path
    kind: str
    """``log``, ``questions``, ``glossary`` or ``rest``."""
    pieces: tuple[tuple[Piece, int], ...]
    """Each with the number of its equals before it, itself among them."""
    opening: str
    """How the file begins when there is none yet."""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All pieces of a journal for one file, imported before or not."""

    place: str
    """What the file is called in the names of its pieces."""
    kind: str
    pieces: Sequence[Piece]
    path: Path
    opening: str = ""
    day: date | None = None


def draft_targets(
    workspace: Workspace, source: ImportFile, found: JournalContents, left: Sequence[Piece]
) -> Iterator[Draft]:
    """Yield where each piece goes; ``left`` is what has no place in the reading list."""
    for day in sorted({day.day for day in found.days}):
        pieces = [piece for held in found.days if held.day == day for piece in held.pieces]
        path = workspace.log / f"{day.isoformat()}.md"
        yield Draft(f"log/{day}", "log", pieces, path, day=day)
    title, slug = found.title or source.path.stem, source.slug
    for kind, rows in found.tables:
        name = "Questions" if kind == "questions" else "Terms"
        pieces = [_join_headings(piece) for piece in rows]
        path = workspace.imported / f"{slug}-{kind}.md"
        yield Draft(kind, kind, pieces, path, f"# {name} from {_escape(title)}\n")
    opening = f'---\ntitle: "{_quote(title)}"\n---\n'
    path = workspace.imported / f"{slug}.md"
    yield Draft(f"notes/{slug}", "rest", _collect_rest(found, left), path, opening)


def _collect_rest(found: JournalContents, left: Sequence[Piece]) -> list[Piece]:
    """Return what a note keeps, in the journal's order as far as the headings go."""
    pieces = {id(piece): piece for piece in (*found.leftovers, *left)}
    return sorted(pieces.values(), key=lambda piece: (piece.block < -1_000_000, piece.line))


def _join_headings(piece: Piece) -> Piece:
    """Return the piece below one heading that names the last two it stood below."""
    above = [heading for heading in piece.above if heading.level <= 6] or piece.above
    words = " · ".join([heading.words for heading in above if heading.words][-2:])
    if not words:
        return replace(piece, above=())
    return replace(piece, above=(Heading(2, words, f"## {_escape(words)}", 0),))


def _quote(title: str) -> str:
    return join_lines(title).replace("\\", "/").replace('"', "'")


def _escape(title: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|$~&])", r"\\\1", join_lines(title))
