"""What an import would bring: for each journal, what is new, where it goes and what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from grader import clock
from grader.address import identity
from grader.arrival import plan
from grader.arrival.found import Found, Heading, Listed, Piece, key
from grader.arrival.lists import plain_words
from grader.arrival.pictures import path_of
from grader.learner import Reading, Said, Taken
from grader.practice.desk import Desk
from grader.practice.journals import Source
from grader.practice.listing import Listing, alike_by_title, doubled, one_line
from grader.practice.showing import Shown, shown
from grader.records import shelves

_RANK = ("inbox", "next", "reading", "done")


@dataclass(frozen=True, slots=True)
class Target:
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
class Bundle:
    """What one journal brings."""

    source: Source
    found: Found
    targets: tuple[Target, ...]
    readings: Mapping[str, Reading]
    marked: int
    """Readings among them that the course has."""
    claims: Mapping[str, Said]
    shown: tuple[Shown, ...]
    """Pictures to copy."""
    ledger: Mapping[str, Taken]
    """A row for each new thing."""
    known: int
    """Things that an import took over before."""
    remarks: tuple[str, ...]


def survey(desk: Desk, sources: Sequence[Source], year: int | None = None) -> list[Bundle]:
    """What each journal would bring, beyond what was brought before and what those before it bring.

    Nothing is written.
    """
    survey = _Survey(desk)
    return [survey.bundle(source, year) for source in sources]


class _Survey:
    """One look at several journals, which share what is known."""

    def __init__(self, desk: Desk) -> None:
        folder = desk.workspace.progress
        self.desk, self.workspace = desk, desk.workspace
        self.today, self.now = desk.today().isoformat(), clock.utc_now()
        self.known = set(shelves.imports(folder).all())
        self.shelf = Listing(desk)

    def bundle(self, source: Source, year: int | None) -> Bundle:
        found = plan.found(source.text, self.desk.course, year=year, day=source.day)
        self.ledger: dict[str, Taken] = {}
        self.told: list[str] = []
        self.left: list[Piece] = []
        self.old = 0
        readings, marked = self._readings(source, found)
        targets = tuple(self._targets(source, found))
        claims = self._claims(source, found)
        every = tuple(shown(self.workspace, source, found))
        pictures = tuple(one for one in every if _is_due(one, targets, found))
        self.known |= self.ledger.keys()
        return Bundle(
            *(source, found, targets, readings, marked, claims, pictures),
            *(
                self.ledger,
                self.old,
                (*_remarks(source, found, every), *self._ahead(source, found), *self.told),
            ),
        )

    def _targets(self, source: Source, found: Found) -> Iterable[Target]:
        for day in sorted({day.day for day in found.days}):
            pieces = [p for held in found.days if held.day == day for p in held.pieces]
            path = self.workspace.log / f"{day.isoformat()}.md"
            yield from self._target(source, found, f"log/{day}", "log", pieces, path, "", day)
        folder, slug, title = self.workspace.imported, source.slug, _title(source, found)
        for kind, rows in found.tables:
            name = "Questions" if kind == "questions" else "Terms"
            pieces = [_gathered(piece) for piece in rows]
            opening = f"# {name} from {_escaped(title)}\n"
            path = folder / f"{slug}-{kind}.md"
            yield from self._target(source, found, kind, kind, pieces, path, opening)
        opening = f'---\ntitle: "{_quoted(title)}"\n---\n'
        path = folder / f"{slug}.md"
        yield from self._target(
            source, found, f"notes/{slug}", "rest", self._rest(found), path, opening
        )

    def _ahead(self, source: Source, found: Found) -> Iterable[str]:
        """Days that are still to come, which may be slips of the pen."""
        for day in found.days:
            if day.day.isoformat() > self.today:
                yield f"{source.name}:{day.line}: {day.day.isoformat()} is still to come"

    def _rest(self, found: Found) -> list[Piece]:
        """What a note keeps, in the journal's order as far as the headings go."""
        pieces = {id(piece): piece for piece in (*found.leftovers, *self.left)}
        return sorted(pieces.values(), key=lambda piece: (piece.block < -1_000_000, piece.line))

    def _target(
        self,
        source: Source,
        found: Found,
        place: str,
        kind: str,
        pieces: Sequence[Piece],
        path: Path,
        opening: str,
        day: date | None = None,
    ) -> Iterable[Target]:
        fresh = []
        seen: dict[str, int] = {}
        for piece in pieces:
            mark = piece.mark
            seen[mark] = seen.get(mark, 0) + 1
            if self._is_new(key(place, mark, seen[mark]), source, piece.line, path):
                fresh.append((piece, seen[mark]))
        if fresh:
            yield Target(path, kind, tuple(fresh), opening, day)

    def _is_new(self, name: str, source: Source, line: int, path: Path | str) -> bool:
        if name in self.known or name in self.ledger:
            self.old += 1
            return False
        place = path if isinstance(path, str) else self.workspace.shown(path)
        self.ledger[name] = Taken(f"{source.name}:{line}", place, self.today)
        return True

    def _claims(self, source: Source, found: Found) -> dict[str, Said]:
        claims = {}
        for claim in found.claims:
            name = key("claims", f"{claim.text}\n{claim.done}\n{claim.detail}")
            if self._is_new(name, source, claim.line, "claims"):
                where = f"{source.name}:{claim.line}"
                claims[name] = Said(
                    *(claim.text, claim.done, where, self.today, claim.detail, claim.units)
                )
        return claims

    def _readings(self, source: Source, found: Found) -> tuple[dict[str, Reading], int]:
        """New readings by id, each of an address or title once, and how many are the course's."""
        fresh: dict[str, Reading] = {}
        marked = 0
        best: dict[str, Listed] = {}
        for listed in found.readings:
            name = identity(listed.url) if listed.url else plain_words(listed.title)
            before = best.get(name, listed)
            best[name] = max(before, listed, key=lambda one: _RANK.index(one.state))
        for name, listed in best.items():
            if not self._is_new(key("readings", name), source, listed.line, "readings"):
                continue
            where, ours = self.shelf.place(listed)
            if told := alike_by_title(listed, where, self.desk):
                self.told.append(f"{source.name}:{listed.line}: {listed.title!r} {told}")
                self.left += [listed.piece] if listed.piece else []
            if where not in self.shelf.taken and where not in fresh:
                fresh[where] = self.shelf.row(listed, ours, self.today, self.now)
                marked += ours
        return fresh, marked


def _title(source: Source, found: Found) -> str:
    return found.title or source.path.stem


def _quoted(title: str) -> str:
    return one_line(title).replace("\\", "/").replace('"', "'")


def _escaped(title: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|$~&])", r"\\\1", one_line(title))


def _gathered(piece: Piece) -> Piece:
    """The piece below one heading that names the last two it stood below."""
    above = [heading for heading in piece.above if heading.level <= 6] or piece.above
    words = " · ".join([heading.words for heading in above if heading.words][-2:])
    if not words:
        return replace(piece, above=())
    return replace(piece, above=(Heading(2, words, f"## {_escaped(words)}", 0),))


def _is_due(picture: Shown, targets: Sequence[Target], found: Found) -> bool:
    """Whether a new piece shows the picture."""
    texts = (plan.defined(p.text, found.definitions) for t in targets for p, _ in t.pieces)
    names = {picture.address, path_of(picture.address)}
    return picture.copy is not None and any(name in text for text in texts for name in names)


def _remarks(source: Source, found: Found, copies: Sequence[Shown]) -> Iterable[str]:
    yield from source.told
    yield from (f"{source.name}:{remark.line}: {remark.text}" for remark in found.remarks)
    yield from doubled(source, found)
    for picture in copies:
        if picture.missing:
            where = f"{source.name}:{picture.line}"
            yield f"{where}: the picture {picture.address} {picture.missing}"
