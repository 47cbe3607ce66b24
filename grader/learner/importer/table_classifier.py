"""The classifier of tables: each row becomes a card, a term, a reading, a claim, or stays a row."""

from __future__ import annotations

from dataclasses import replace

from grader.base.urls import explain_refusal
from grader.learner.importer import claims, lists, reading_entries, table_cells
from grader.learner.importer.blocks import Block
from grader.learner.importer.contents import ListedReading, StatusClaim
from grader.learner.importer.findings import Findings
from grader.learner.importer.pieces import Piece
from grader.learner.importer.tokens import extract_words, parse, parse_inline


def classify_table(block: Block, into: Findings) -> None:
    """Add the rows of a table to the findings."""
    names = table_cells.split_cells(block.pieces[0].head.split("\n")[0])
    what = table_cells.find_columns(block.pieces[0].head, [piece.text for piece in block.pieces])
    for piece in block.pieces:
        row, extra = table_cells.fit_row(piece.text, len(names))
        if extra:
            into.add_remark(
                piece, "a row with more cells than the header; the last ones are joined"
            )
        if what.meaning == "questions":
            _add_question(piece, row, what, into)
        elif what.meaning == "glossary":
            head = table_cells.format_head([name or " " for name in names])
            into.glossary.append(replace(piece, text=table_cells.format_row(row), head=head))
        elif what.meaning == "readings":
            _add_reading(block, piece, row, what, into)
        elif what.meaning == "status":
            _add_claim(piece, row, what, into)
        else:
            into.leftovers.append(piece)


def _add_question(piece: Piece, row: list[str], what: table_cells.Columns, into: Findings) -> None:
    """Add a row for the table of two columns; what its other columns say joins the answer."""
    answer = row[what.second]
    others = [cell for cell in _list_others(row, what) if cell]
    answer += f" ({'; '.join(others)})" if others else ""
    if not row[what.first] or not answer:
        into.add_remark(piece, "a question or its answer is empty; no card yet")
    line = table_cells.format_row([row[what.first], answer])
    head = table_cells.format_head(["Question", "Answer"])
    into.questions.append(replace(piece, text=line, head=head))


def _add_reading(
    block: Block, piece: Piece, row: list[str], what: table_cells.Columns, into: Findings
) -> None:
    title = _extract_cell_words(row[what.first])
    # The cell with the link is read as an item of a list, so that both follow the same rules.
    items = lists.split_items(parse(f"- {row[what.second]}"))
    entry = reading_entries.read_entry(items[0]) if items else None
    if not title or entry is None or (entry.url and explain_refusal(entry.url)):
        into.leftovers.append(piece)
        return
    others = [cell for cell in _list_others(row, what) if cell]
    found = (reading_entries.find_author(_extract_cell_words(cell)) for cell in others)
    authors = [author for author in found if author]
    state, kind = lists.find_state(block.above), lists.find_kind(block.above)
    author = (authors or [entry.authors])[0]
    reading = ListedReading(title, entry.url, state, kind, author, piece.line, piece)
    into.add_reading(reading, piece, is_complete=len(others) <= len(authors))


def _add_claim(piece: Piece, row: list[str], what: table_cells.Columns, into: Findings) -> None:
    text = _extract_cell_words(row[what.first])
    if not text:
        into.leftovers.append(piece)
        return
    done, detail = claims.read_status(_extract_cell_words(row[what.second]))
    others = map(_extract_cell_words, _list_others(row, what))
    detail = "; ".join(part for part in (detail, *others) if part.strip(" –—-"))
    units = claims.find_units(text, into.course)
    into.claims.append(StatusClaim(text, done, detail, units, piece.line))
    if "](" in piece.text or "://" in piece.text:  # a claim holds no links
        into.leftovers.append(piece)


def _list_others(row: list[str], what: table_cells.Columns) -> list[str]:
    """Return the cells besides the two that the table's meaning uses."""
    return [cell for n, cell in enumerate(row) if n not in (what.first, what.second)]


def _extract_cell_words(cell: str) -> str:
    """Return a cell's words without markup."""
    return extract_words(parse_inline(cell.replace(r"\|", "|")))
