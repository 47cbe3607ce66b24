"""The files that a journal's pieces go to: days of the log, tables, and a note for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from grader.base.paths import Workspace
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.text.journal_front_matter import JournalFrontMatter
from grader.learner.importer.text.pieces import Heading, Piece
from grader.learner.notes.comments import remove_comments
from grader.learner.notes.front_matter import parse_front_matter
from grader.services.importing.files import ImportFile
from grader.services.importing.reading_index import join_lines


@dataclass(frozen=True, slots=True)
class KeyedPiece:
    """A piece, its number among its equals, and its name in the ledger."""

    piece: Piece
    number: int
    """How many of its equals there are up to it, itself among them."""
    key: str


@dataclass(frozen=True, slots=True)
class PieceUpdate:
    """A piece that was edited in the journal, and what stands in the file in its place."""

    key: str
    """Its name in the ledger."""
    piece: Piece
    old_key: str
    old_text: str


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """New pieces for one file."""

    path: Path
    kind: str
    """``log``, ``questions`` or ``rest``."""
    pieces: tuple[KeyedPiece, ...]
    opening: str
    """How the file begins when there is none yet."""
    day: date | None = None
    updates: tuple[PieceUpdate, ...] = ()
    """Pieces that take the place of older versions of theirs."""


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
    front: Piece | None = None
    """The journal's front matter, which ``opening`` holds."""


def draft_targets(
    workspace: Workspace, source: ImportFile, found: JournalContents
) -> Iterator[Draft]:
    """Yield where each piece goes; front matter is the beginning of the journal's note."""
    for day in sorted({day.day for day in found.days}):
        pieces = [piece for held in found.days if held.day == day for piece in held.pieces]
        path = workspace.log / f"{day.isoformat()}.md"
        yield Draft(f"log/{day}", "log", pieces, path, day=day)
    title, slug = remove_comments(found.title).strip() or source.title, source.slug
    pieces = [_join_headings(piece) for piece in found.questions]
    path = workspace.imported / f"{slug}-questions.md"
    yield Draft("questions", "questions", pieces, path, f"# Questions from {_escape(title)}\n")
    path = workspace.imported / f"{slug}.md"
    if found.leftovers:
        opening, front = _open_note(join_lines(title), found.front)
        yield Draft(f"notes/{slug}", "rest", found.leftovers, path, opening, front=front)


def _open_note(title: str, front: JournalFrontMatter) -> tuple[str, Piece | None]:
    """Return how a new note begins, and the same as a piece for a note that is there already.

    What was written between ``---`` stays there. Of lines that are no YAML, which the site could
    not read, title, date and tags are written anew, and the others are quoted below.
    """
    ours = f'title: "{_quote(title)}"\n'
    if not front.lines:
        return f"---\n{ours}---\n", None
    quoted = Piece(front.quote(front.lines), 1, (), -1)
    if front.is_toml or parse_front_matter(front.lines).problem:
        tags = "".join(f'  - "{_quote(tag)}"\n' for tag in front.tags)
        tags = f"tags:\n{tags}" if tags else ""
        date = f'date: "{_quote(front.date)}"\n' if front.date else ""
        more = f"\n{front.quote(front.others)}\n" if front.others else ""
        return f"---\n{ours}{date}{tags}---\n{more}", quoted
    named = re.search(r"(?im)^title:[ \t]*\S", front.lines)
    return f"---\n{'' if named else ours}{front.lines}\n---\n", quoted


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
