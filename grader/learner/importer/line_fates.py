"""What becomes of each line of a journal: where it goes, and as what it is counted beside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from grader.learner.importer.contents import JournalContents, is_whole
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.text.journal_front_matter import is_empty, names_day
from grader.learner.importer.text.pieces import Piece
from grader.learner.importer.text.table_cells import has_cards

Place = Literal["log", "note", "day", "reference", "left out", "unknown"]


@dataclass(frozen=True, slots=True)
class LineFate:
    """What becomes of the lines from ``first`` to ``last``."""

    first: int
    last: int
    place: Place
    """The log, the note, the heading of a day, what is kept with the text that refers to it."""
    day: date | None = None
    why: str = ""
    """Why it is left out."""
    counted: tuple[str, ...] = ()
    """What each of the lines is counted as beside the text."""
    known: bool = False
    """True if it was imported before."""


_Fate = tuple[Place, date | None, str]


def trace_lines(
    text: str, found: JournalContents, known: Collection[int] = frozenset()
) -> list[LineFate]:
    """Return the fate of each line that is not empty; equal ones that follow each other are one.

    ``known`` are the lines of what was imported before.
    """
    lines = text.split("\n")
    fates = _place_lines(lines, found)
    counted = _count_lines(found)
    traced: list[LineFate] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or (number not in fates and not re.search(r"\w", line)):
            continue
        beside = tuple(counted.get(number, ()))
        fate = fates.get(number) or _guess_fate(line)
        one = LineFate(number, number, *fate, counted=beside, known=number in known)
        if traced and replace(traced[-1], first=number, last=number) == one:
            one = replace(one, first=traced.pop().first)
        traced.append(one)
    return traced


def list_lines(pieces: Iterable[Piece]) -> frozenset[int]:
    """Return the lines of pieces, without the headings above them."""
    return frozenset(
        number
        for piece in pieces
        for number in range(piece.line, piece.line + piece.text.count("\n") + 1)
    )


def _place_lines(lines: Sequence[str], found: JournalContents) -> dict[int, _Fate]:
    """Return the fate of each line that a piece, a heading or a remark accounts for."""
    fates: dict[int, _Fate] = {}
    for held in found.days:
        for piece in held.pieces:
            for number in _list_numbers(piece):
                fates.setdefault(number, ("log", held.day, ""))
    for piece in found.leftovers:
        for number in _list_numbers(piece):
            fates.setdefault(number, ("note", None, ""))
    for number in _list_front(lines, found):
        fates[number] = _place_front(lines[number - 1], found)
    for held in found.days:
        fates.setdefault(held.line, ("day", held.day, ""))
    for remark in found.left_out:
        fates.setdefault(remark.line, ("left out", None, remark.text))
    for definition in found.definitions.values():
        for number in _find_lines(lines, definition):
            fates.setdefault(number, ("reference", None, ""))
    for remark in (*found.remarks, *found.yearless):
        fates.setdefault(remark.line, ("left out", None, remark.text))
    return fates


def _list_numbers(piece: Piece) -> Iterator[int]:
    """Yield the lines of a piece, of the headings above it and of its table's head."""
    start = piece.line - (2 if piece.head else 0)
    yield from range(start, piece.line + piece.text.count("\n") + 1)
    for heading in piece.above:
        yield from range(heading.line, heading.line + heading.text.count("\n") + 1)


def _list_front(lines: Sequence[str], found: JournalContents) -> range:
    """Return the numbers of the lines of the front matter, those with dashes among them."""
    if not found.front.lines:
        return range(0)
    marks = r"(?:---|\.\.\.|\+\+\+)\s*"
    end = next((n for n in range(1, len(lines)) if re.fullmatch(marks, lines[n])), 0)
    return range(1, end + 2)


def _place_front(line: str, found: JournalContents) -> _Fate:
    """Return where a line of the front matter goes: all of it to the note, or most to the log."""
    if found.leftovers:
        return "note", None, ""
    if not is_whole(found.days):
        return "left out", None, "front matter without a text that it could head"
    day = found.days[0].day
    if is_empty(line):
        return "left out", None, "an empty field of the front matter"
    return ("day" if names_day(line) else "log"), day, ""


def _find_lines(lines: Sequence[str], definition: str) -> range:
    wanted = definition.split("\n")
    for start, line in enumerate(lines):
        if line == wanted[0] and [*lines[start : start + len(wanted)]] == wanted:
            return range(start + 1, start + len(wanted) + 1)
    return range(0)


def _guess_fate(line: str) -> _Fate:
    """Return that a line is the heading of a day if it is a date; else nobody knows."""
    words = re.sub(r"<[^>]*>|[#*_>|]+", " ", line).strip()
    return ("day" if parse_date(words) else "unknown"), None, ""


def _count_lines(found: JournalContents) -> dict[int, list[str]]:
    """Return what each line is counted as beside its text."""
    counted: dict[int, list[str]] = {}
    for claim in found.claims:
        words = "a claim, done" if claim.done else "a claim, not yet done"
        counted.setdefault(claim.line, []).append(words)
    for reading in found.readings:
        counted.setdefault(reading.line, []).append(f"a reading, {reading.state}")
    rows = {piece.line for piece in found.questions}
    rows |= {piece.line for piece in found.leftovers if piece.head and has_cards(piece.head)}
    for line in rows:
        counted.setdefault(line, []).append("a card")
    for address, line in found.pictures:
        counted.setdefault(line, []).append(f"the picture {address}")
    return counted
