"""The classifier of tables: rows that are cards or readings are counted beside the table."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.base.urls import explain_refusal
from grader.learner.importer.claims.boxes import spell_signs
from grader.learner.importer.claims.status_tables import find_status_column
from grader.learner.importer.claims.status_words import read_status
from grader.learner.importer.contents import ListedReading
from grader.learner.importer.findings import reading_entries
from grader.learner.importer.findings.collection import Findings
from grader.learner.importer.text import lists, table_cells
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.pieces import Piece
from grader.learner.importer.text.table_cells import extract_cell_words
from grader.learner.importer.text.tokens import parse
from grader.learner.model import ReadingState


def classify_table(block: Block, into: Findings) -> None:
    """Add the cards and readings of a table to the findings."""
    names = table_cells.split_cells(block.pieces[0].head.split("\n")[0])
    what = table_cells.find_columns(block.pieces[0].head, [piece.text for piece in block.pieces])
    for piece in block.pieces:
        row, extra = table_cells.fit_row(piece.text, len(names))
        if extra:
            into.add_remark(
                piece,
                "a row with more cells than the header; the site shows only as many. "
                r"Write \| for a bar that belongs to a cell",
            )
        if what.meaning == "questions":
            _add_question(piece, row, what, into)
        elif what.meaning == "readings":
            _add_reading(block, piece, row, what, into)


def _add_question(piece: Piece, row: list[str], what: table_cells.Columns, into: Findings) -> None:
    """Add a row for the table of two columns; what its other columns say joins the answer.

    A table that a note's own reader takes for cards needs no such row.
    """
    answer = row[what.second]
    others = [cell for cell in _list_others(row, what) if cell]
    answer += f" ({'; '.join(others)})" if others else ""
    if not row[what.first] or not answer:
        into.add_remark(piece, "a question or its answer is empty; no card yet")
    if not table_cells.has_cards(piece.head):
        line = table_cells.format_row([row[what.first], answer])
        head = table_cells.format_head(["Question", "Answer"])
        into.questions.append(replace(piece, text=line, head=head))


def _add_reading(
    block: Block, piece: Piece, row: list[str], what: table_cells.Columns, into: Findings
) -> None:
    title = _find_title(row, what)
    # The cell with the link is read as an item of a list, so that both follow the same rules.
    items = lists.split_items(parse(f"- {row[what.second]}"))
    entry = reading_entries.read_entry(items[0]) if items else None
    if (
        not re.search(r"\w", row[what.first])
        or entry is None
        or (entry.url and explain_refusal(entry.url))
    ):
        return
    others = [cell for cell in _list_others(row, what) if cell]
    found = (reading_entries.find_author(extract_cell_words(cell)) for cell in others)
    authors = [author for author in found if author]
    state, kind = _find_state(block, piece, row, into), lists.find_kind(block.above)
    author = (authors or [entry.authors])[0]
    into.readings.append(ListedReading(title, entry.url, state, kind, author, piece.line))


def _find_title(row: list[str], what: table_cells.Columns) -> str:
    """Return the words of the title's cell, or of the first other one where it says only "here"."""
    title = extract_cell_words(row[what.first])
    if not reading_entries.says_nothing(title):
        return title
    others = map(extract_cell_words, _list_others(row, what))
    return next((words for words in others if re.search(r"[^\W\d]", words)), title)


def _find_state(block: Block, piece: Piece, row: list[str], into: Findings) -> ReadingState:
    """Return the state that a column of the table says, or else the headings above it."""
    names = table_cells.split_cells(piece.head.split("\n")[0])
    column = find_status_column(names)
    if column is not None:
        cell = extract_cell_words(spell_signs(row[column]))
        if read_status("done" if cell.casefold() == "read" else cell, asks=True):
            return "done"
    return lists.find_state(block.above, into.title, into.states)


def _list_others(row: list[str], what: table_cells.Columns) -> list[str]:
    """Return the cells besides the two that the table's meaning uses."""
    return [cell for n, cell in enumerate(row) if n not in (what.first, what.second)]
