"""Puts every piece of a journal where it belongs: log, cards, terms, readings, claims, a note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from grader.arrival import dates, pictures, sorting
from grader.arrival.blocks import BOLD, Block, Document, document
from grader.arrival.dating import Told, dated
from grader.arrival.found import Day, Found, Heading, Piece, Remark
from grader.course import Course
from grader.journal import title


def found(text: str, course: Course, *, year: int | None = None, day: date | None = None) -> Found:
    """Everything in one journal.

    ``year`` is that of its first heading with a date when no heading says one; ``day`` is the
    day of a file that is named like one, whose whole text is that day's.
    """
    parts = document(text)
    told = Told()
    named = dated(parts, year, told)
    if day is not None and {its for its, _ in named.values()} <= {day}:
        days, rest = [_whole(_split(parts, {}, told)[1], day)], list[tuple[Block | None, Piece]]()
    else:
        days, rest = _split(parts, named, told)
    sorted_ = sorting.sort(rest, course)
    unused = _unused(parts, [*(p for d in days for p in d.pieces), *(p for _, p in rest)])
    leftovers = (*_front(parts), *sorted_.leftovers, *unused)
    carried = [*(p for d in days for p in d.pieces), *leftovers]
    carried += [piece for _, pieces in sorted_.tables for piece in pieces]
    told.remarks += _links(carried, parts)
    return Found(
        title=_title(parts),
        days=tuple(days),
        tables=sorted_.tables,
        readings=sorted_.readings,
        claims=sorted_.claims,
        pictures=tuple(_pictures(carried, parts)),
        leftovers=leftovers,
        definitions=parts.definitions,
        remarks=tuple(sorted((*told.remarks, *sorted_.remarks), key=lambda r: r.line)),
        yearless=tuple(told.yearless),
    )


def _split(
    parts: Document, dated: dict[int, tuple[date, bool]], told: Told
) -> tuple[list[Day], list[tuple[Block | None, Piece]]]:
    """The days with their pieces, and all other blocks and lone headings."""
    days: list[Day] = []
    rest: list[tuple[Block | None, Piece]] = []
    held: list[Piece] = []
    under: Heading | None = None

    def close() -> None:
        if under is not None:
            _closed(days, under, dated[under.line], held, told)
            held.clear()

    for number, part in enumerate(parts.parts):
        if isinstance(part, Heading) and (part.line in dated or _leaves(part, under)):
            close()
            under = part if part.line in dated else None
        for block, piece in _pieces(parts, number, part):
            if under is None:
                rest.append((block, piece))
            elif piece.line != under.line:
                held.append(piece)
    close()
    return days, rest


def _leaves(heading: Heading, under: Heading | None) -> bool:
    """Whether a heading ends the day before it."""
    if under is None:
        return False
    return heading.level <= min(under.level, BOLD - 1)


def _pieces(
    parts: Document, number: int, part: Heading | Block
) -> Iterator[tuple[Block | None, Piece]]:
    """A block's pieces; a heading is one only where nothing stands below it."""
    if isinstance(part, Block):
        yield from ((part, piece) for piece in part.pieces)
        return
    after = parts.parts[number + 1] if number + 1 < len(parts.parts) else None
    if after is None or (isinstance(after, Heading) and after.level <= part.level):
        yield None, Piece(part.text, part.line, parts.above(number), -part.line)


def _closed(
    days: list[Day], heading: Heading, named: tuple[date, bool], held: list[Piece], told: Told
) -> None:
    day, more = named
    again = day in told.days
    told.days.add(day)
    if again:
        told.say(heading, f"a second heading for {title(day)}; both are kept, in this order")
    if not held:
        told.say(heading, "nothing stands below it, so nothing goes into the log")
        return
    pieces = [_under(piece, heading, keep=more or again) for piece in held]
    days.append(Day(day, tuple(pieces), heading.line))


def _under(piece: Piece, heading: Heading, *, keep: bool) -> Piece:
    """A day's piece with the headings inside the day; the day's own where it says more."""
    lines = [other.line for other in piece.above]
    start = lines.index(heading.line) + (0 if keep else 1) if heading.line in lines else 0
    return sorting.placed(piece, piece.above[start:])


def _whole(rest: Sequence[tuple[Block | None, Piece]], day: date) -> Day:
    pieces = [
        sorting.placed(p, tuple(h for h in p.above if not _only_day(h, day))) for _, p in rest
    ]
    return Day(day, tuple(pieces), 1)


def _only_day(heading: Heading, day: date) -> bool:
    written = dates.read(heading.words)
    return written is not None and not written.more and dates.at(written, day.year) == day


def _front(parts: Document) -> list[Piece]:
    """The lines between ``---`` at the top, as a piece that a note can show."""
    lines = parts.front.strip("\n")
    return [Piece(f"```yaml\n{lines}\n```", 1, (), -1)] if lines else []


def _unused(parts: Document, pieces: Sequence[Piece]) -> list[Piece]:
    """Link addresses that no line refers to."""
    every = "\n".join(piece.text for piece in pieces).casefold()
    return [
        Piece(text, 1, (), -10_000_000 - n)
        for n, (label, text) in enumerate(parts.definitions.items())
        if f"[{label}]" not in every and not text.lstrip().startswith("[//]")
    ]


def _title(parts: Document) -> str:
    named = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", parts.front, re.MULTILINE)
    top = next((heading.words for heading in parts.headings if heading.level == 1), "")
    return named[1] if named else top


def _pictures(pieces: Sequence[Piece], parts: Document) -> Iterator[tuple[str, int]]:
    seen = set()
    for piece in pieces:
        for address in pictures.addresses(defined(piece.text, parts.definitions)):
            if address not in seen and pictures.is_beside(address):
                seen.add(address)
                yield address, piece.line


def _links(pieces: Sequence[Piece], parts: Document) -> Iterator[Remark]:
    for piece in pieces:
        for address in pictures.links(defined(piece.text, parts.definitions)):
            told = f"links to {address}, which stays where it is; on the site it leads nowhere"
            yield Remark(piece.line, told)


def defined(text: str, definitions: dict[str, str]) -> str:
    """The text, and after it the lines that its links refer to."""
    if "[" not in text or not definitions:
        return text
    low = text.casefold()
    used = [line for label, line in definitions.items() if f"[{label}]" in low and line not in text]
    return "\n\n".join([text, "\n".join(used)]) if used else text
