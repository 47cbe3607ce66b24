"""Reads a journal: each piece goes to the log or a note, and what it holds is counted beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby

from grader.course.model import Course
from grader.learner.importer.claims import listing
from grader.learner.importer.contents import (
    JournalContents,
    JournalDay,
    Remark,
    StatusClaim,
    is_whole,
)
from grader.learner.importer.days.context import DayContext
from grader.learner.importer.days.parts import LocatedPiece
from grader.learner.importer.days.reader import read_days
from grader.learner.importer.days.remarks import Remarks
from grader.learner.importer.findings.collection import Findings
from grader.learner.importer.findings.list_classifier import classify_list
from grader.learner.importer.findings.table_classifier import classify_table
from grader.learner.importer.links import pictures
from grader.learner.importer.links.addresses import list_located_links
from grader.learner.importer.rules import keep_rules
from grader.learner.importer.text import lists
from grader.learner.importer.text.document import Document, parse_document
from grader.learner.importer.text.journal_front_matter import read_front_matter
from grader.learner.importer.text.pieces import Heading, Piece


def read_journal(
    text: str,
    course: Course,
    *,
    year: int | None = None,
    day: date | None = None,
    context: DayContext | None = None,
) -> JournalContents:
    """Read everything in one journal.

    ``year`` is that of its first heading with a date, for a journal that names none; ``day`` is
    the day of a file that is named like one, whose whole text belongs to that day. ``context``
    holds these and what else is known of its days.
    """
    document, remarks = parse_document(text), Remarks()
    context = context or DayContext(day, year)
    dated, days, rest = read_days(document, context, remarks)
    findings = _classify(rest, document)
    in_days = [piece for its_day in days for piece in its_day.pieces]
    kept, left_out = _add_bare_headings(document, dated, in_days, [piece for _, piece in rest])
    kept, days = keep_rules(document, kept, days)
    unused, comments = _split_unused_definitions(document, [*in_days, *kept])
    leftovers = (*kept, *(unused if kept or not in_days else ()))
    imported = [*in_days, *leftovers, *findings.questions]
    every_remark = [*remarks.remarks, *findings.remarks]
    return JournalContents(
        title=_find_title(document),
        front=read_front_matter(document.front),
        days=tuple(days),
        questions=tuple(findings.questions),
        readings=tuple(findings.readings),
        claims=tuple(_list_claims(document, days, kept, findings, course)),
        pictures=tuple(pictures.list_pictures(imported, document.definitions)),
        links=tuple(list_located_links(imported, document.definitions)),
        leftovers=leftovers,
        left_out=(*_remark_front(document, days, leftovers), *left_out, *comments),
        definitions=document.definitions,
        remarks=tuple(sorted(every_remark, key=lambda remark: remark.line)),
        open_days=remarks.list_open(text, leftovers, context.today),
    )


def _classify(rest: Sequence[LocatedPiece], document: Document) -> Findings:
    """Find the cards and readings in all that stands below no date, block by block."""
    tops = [heading for heading in document.headings if heading.level == 1]
    title = tops[0] if len(tops) == 1 else None
    into = Findings(title, lists.find_states(document.headings))
    for number, located in groupby(rest, lambda pair: pair[1].block):
        block, _ = next(located)
        if block is None or number < 0 or block.kind == "text":
            continue
        if block.kind == "table":
            classify_table(block, into)
        else:
            classify_list(block, into)
    return into


def _list_claims(
    document: Document,
    days: Sequence[JournalDay],
    kept: Sequence[Piece],
    findings: Findings,
    course: Course,
) -> Iterator[StatusClaim]:
    """Yield what is said to be done; that something was read is said by its reading."""
    readings = {reading.line: reading.title for reading in findings.readings}
    for its_day in days:
        yield from listing.list_claims(its_day.pieces, course, its_day.day)
    for claim in listing.list_claims(kept, course):
        if claim.line not in readings or readings[claim.line] not in claim.text:
            yield claim
    yield from listing.list_heading_claims(list(document.headings), course)


def _split_unused_definitions(
    document: Document, pieces: Sequence[Piece]
) -> tuple[list[Piece], list[Remark]]:
    """Return the link definitions that no piece refers to, and those that are comments.

    ``[//]: # (to do)`` is how people write comments. The numbers of the others as blocks are far
    below those of all other pieces: they come last in a note.
    """
    every = "\n".join(piece.text for piece in pieces).casefold()
    unused, comments = [], [_remark_repeated(document, line) for line in document.repeated]
    for n, (label, text) in enumerate(document.definitions.items()):
        if text.lstrip().startswith("[//]"):
            comments.append(Remark(document.find_line(text), f"{text.strip()!r} is a comment"))
        elif f"[{label}]" not in every:
            unused.append(Piece(text, document.find_line(text), (), -10_000_000 - n))
    return unused, comments


def _remark_front(
    document: Document, days: Sequence[JournalDay], leftovers: Sequence[Piece]
) -> Iterator[Remark]:
    """Yield a remark on front matter that has neither a note nor a day of its own to head."""
    if document.front.strip() and not leftovers and not is_whole(days):
        yield Remark(1, "front matter without a text that it could head")


def _remark_repeated(document: Document, line: int) -> Remark:
    words = document.lines[line - 1].strip()
    why = "is a comment" if words.startswith("[//]") else "defines a label a second time"
    return Remark(line, f"{words!r} {why}")


def _find_title(document: Document) -> str:
    named = read_front_matter(document.front).title
    return named or next((h.words for h in document.headings if h.level == 1), "")


def _add_bare_headings(
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
