"""Items, rows and folds that begin with a date: each is an entry of that day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.learner.importer.dates.calendar_names import normalize
from grader.learner.importer.dates.meanings import WrittenDate
from grader.learner.importer.dates.parser import parse_date
from grader.learner.importer.days.context import DayContext
from grader.learner.importer.days.month_days import parse_numbered_item
from grader.learner.importer.days.nested_entries import find_nested
from grader.learner.importer.text import lists, table_cells
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.day_lines import read_summary, strip_markup
from grader.learner.importer.text.pieces import Heading, Piece
from grader.learner.importer.text.tokens import extract_words

_PLANS = re.compile(
    r"(?<!\w)(?:plan|plans|planned|planning|schedule|roadmap|timeline|deadlines?|milestones?|upcoming"
    r"|history|releases?|changelog|versions?|agenda|syllabus|calendar|zeitplan|planung|termine"
    r"|calendario|cronograma|calendrier|план|расписание|计划|計画|予定|일정|계획)(?!\w)"
)
_TERMS = re.compile(
    r"glossary|terms(?: and concepts)?|vocabulary|definitions|glossar|术语表?|用語集"
)
_AMOUNT = re.compile(r"\W*[\d.,]+\s?[^\W\d_]{0,3}\W*")
_DATE_COLUMN = re.compile(
    r"dates?|day|when|datum|tag|fecha|dia|data|jour|giorno|дата|день|tarih|gun|dzien|日期|日付|날짜"
)


def find_entries(block: Block, context: DayContext) -> list[tuple[Piece, WrittenDate]]:
    """Return the pieces of a block that begin with a date, where the block is a log of days.

    At least half of the items have to be dated, the first one among them: a list in which one item
    names a date is about something else. A plan and a list of readings are no log either.
    """
    if any(_is_other(heading) for heading in block.above):
        return []
    if block.kind == "list":
        found = _find_items(block) or _find_numbered(block, context)
        if not found:
            return find_nested(block)
    elif block.kind == "table":
        found = _find_rows(block)
    else:
        found = _find_fold(block)
    is_log = bool(found) and found[0][0] is block.pieces[0] and 2 * len(found) >= len(block.pieces)
    return found if is_log else []


def _is_other(heading: Heading) -> bool:
    return bool(_PLANS.search(normalize(heading.words))) or names_other_list(heading)


def names_other_list(heading: Heading) -> bool:
    """Return True if a heading names a list that is no log: of readings, or of terms."""
    is_terms = _TERMS.fullmatch(normalize(heading.words).strip(" :"))
    return bool(is_terms) or lists.is_reading_list(heading)


def _find_items(block: Block) -> list[tuple[Piece, WrittenDate]]:
    found = []
    for piece, item in zip(block.pieces, lists.split_items(block.tokens), strict=True):
        line = lists.find_first_line(item)
        words = re.sub(r"^\[[ xX]\]\s+", "", extract_words(line)) if line is not None else ""
        written = parse_date(words) if any(mark.isdigit() for mark in words) else None
        if written is not None and _is_entry(written):
            found.append((piece, written))
    is_sure = len(found) == len(block.pieces) > 1
    return found if is_sure else [pair for pair in found if not pair[1].weak]


def _find_numbered(block: Block, context: DayContext) -> list[tuple[Piece, WrittenDate]]:
    """Return the items of a list below a month, if each begins with the number of its day."""
    above = [heading.words for heading in block.above]
    lines = [lists.find_first_line(item) for item in lists.split_items(block.tokens)]
    words = [extract_words(line) if line is not None else "" for line in lines]
    days = [parse_numbered_item(one, above, context) for one in words]
    found = [(piece, day) for piece, day in zip(block.pieces, days, strict=True) if day]
    return found if len(found) == len(block.pieces) else []


def _is_entry(written: WrittenDate) -> bool:
    """Return True if a line is a day's: its date stands first, with a mark or nothing behind it."""
    if not written.leads:
        return False
    return written.is_whole or written.year is not None or written.weak or written.mark in ":|-~>"


def _find_rows(block: Block) -> list[tuple[Piece, WrittenDate]]:
    """Return the rows with a date in the table's column of dates; none of a table of numbers."""
    head = block.pieces[0].head
    if table_cells.find_columns(head, [piece.text for piece in block.pieces]).meaning != "other":
        return []
    names = [normalize(strip_markup(cell)) for cell in table_cells.split_cells(head.split("\n")[0])]
    rows = [table_cells.fit_row(piece.text, len(names))[0] for piece in block.pieces]
    column = _find_column(names, rows)
    if column is None:
        return []
    parsed = [_parse_cell(row[column]) for row in rows]
    said = sum(_has_words(row[:column] + row[column + 1 :]) for row in rows)
    found = [(piece, day) for piece, day in zip(block.pieces, parsed, strict=True) if day]
    return found if 2 * said >= len(rows) else []


def _has_words(cells: list[str]) -> bool:
    """Return True if a row says something: prices and measurements by day are no log."""
    return any(re.search(r"[^\W\d_]", cell) and not _AMOUNT.fullmatch(cell) for cell in cells)


def _find_column(names: list[str], rows: list[list[str]]) -> int | None:
    """Return the column of dates: one that is named so, or the first if all its cells are dates."""
    for n, name in enumerate(names):
        if (
            _DATE_COLUMN.fullmatch(name)
            and sum(_parse_cell(row[n]) is not None for row in rows) > 0
        ):
            return n
    first = [_parse_cell(row[0]) for row in rows] if names else []
    return 0 if first and all(first) else None


def _parse_cell(cell: str) -> WrittenDate | None:
    written = parse_date(strip_markup(cell))
    return written if written is not None and written.is_whole else None


def _find_fold(block: Block) -> list[tuple[Piece, WrittenDate]]:
    """Return a fold whose summary names a day."""
    words = read_summary(block.pieces[0].text)
    written = parse_date(words) if words else None
    return [(block.pieces[0], written)] if written is not None and not written.weak else []


def list_entries(
    parts: tuple[Heading | Block, ...], dated: set[int], context: DayContext
) -> Iterator[tuple[Piece, WrittenDate]]:
    """Yield the entries of all blocks that stand below no heading with a date."""
    for part in parts:
        if not isinstance(part, Block):
            continue
        is_in_day = any(heading.line in dated for heading in part.above)
        if part.kind == "text" or not is_in_day:
            yield from find_entries(part, context)
