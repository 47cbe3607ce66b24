"""Reads a journal: each piece goes to the log, the cards, terms, readings, claims or a note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from grader.course.model import Course
from grader.learner.importer import pictures
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.day_headings import Remarks, date_headings
from grader.learner.importer.days import LocatedPiece, build_whole_day, split_days
from grader.learner.importer.document import Document, parse_document
from grader.learner.importer.findings import Findings
from grader.learner.importer.list_classifier import classify_list
from grader.learner.importer.pieces import Piece
from grader.learner.importer.table_classifier import classify_table


def read_journal(
    text: str, course: Course, *, year: int | None = None, day: date | None = None
) -> JournalContents:
    """Read everything in one journal.

    ``year`` is that of its first heading with a date, for a journal that names none; ``day`` is
    the day of a file that is named like one, whose whole text belongs to that day.
    """
    document, remarks = parse_document(text), Remarks()
    dated = date_headings(document, year, remarks)
    if day is not None and {its_day for its_day, _ in dated.values()} <= {day}:
        _, every = split_days(document, {}, remarks)
        days, rest = [build_whole_day([piece for _, piece in every], day)], list[LocatedPiece]()
    else:
        days, rest = split_days(document, dated, remarks)
    findings = classify(rest, course)
    in_days = [piece for its_day in days for piece in its_day.pieces]
    unused = _list_unused_definitions(document, [*in_days, *(piece for _, piece in rest)])
    leftovers = (*_quote_front_matter(document), *findings.leftovers, *unused)
    imported = [*in_days, *leftovers, *findings.questions, *findings.glossary]
    every_remark = [
        *remarks.remarks,
        *pictures.remark_links(imported, document.definitions),
        *findings.remarks,
    ]
    return JournalContents(
        title=_find_title(document),
        days=tuple(days),
        tables=findings.tables,
        readings=tuple(findings.readings),
        claims=tuple(dict.fromkeys(findings.claims)),
        pictures=tuple(pictures.list_pictures(imported, document.definitions)),
        leftovers=leftovers,
        definitions=document.definitions,
        remarks=tuple(sorted(every_remark, key=lambda remark: remark.line)),
        yearless=tuple(remarks.yearless),
    )


def classify(rest: Sequence[LocatedPiece], course: Course) -> Findings:
    """Classify everything that stands below no date, block by block."""
    into = Findings(course)
    for number, located in groupby(rest, lambda pair: pair[1].block):
        block, piece = next(located)
        if block is None or number < 0 or block.kind == "text":
            into.leftovers.append(piece)
        elif block.kind == "table":
            classify_table(block, into)
        else:
            classify_list(block, into)
    return into


def _quote_front_matter(document: Document) -> list[Piece]:
    """Return the lines between ``---`` at the top as a piece that a note can show."""
    lines = document.front.strip("\n")
    return [Piece(f"```yaml\n{lines}\n```", 1, (), -1)] if lines else []


def _list_unused_definitions(document: Document, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the link definitions that no piece refers to, so that they are not lost.

    Their numbers as blocks are far below those of all other pieces: they come last in a note.
    """
    every = "\n".join(piece.text for piece in pieces).casefold()
    return [
        Piece(text, 1, (), -10_000_000 - n)
        for n, (label, text) in enumerate(document.definitions.items())
        if f"[{label}]" not in every and not text.lstrip().startswith("[//]")
    ]


def _find_title(document: Document) -> str:
    named = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", document.front, re.MULTILINE)
    top = next((heading.words for heading in document.headings if heading.level == 1), "")
    return named[1] if named else top
