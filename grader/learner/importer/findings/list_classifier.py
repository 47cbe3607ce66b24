"""The classifier of lists: below the headings of reading lists, items are readings."""

from __future__ import annotations

from markdown_it.token import Token

from grader.base.urls import explain_refusal
from grader.learner.importer.contents import ListedReading
from grader.learner.importer.findings import reading_entries
from grader.learner.importer.findings.collection import Findings
from grader.learner.importer.findings.reading_entries import ReadingEntry
from grader.learner.importer.text import lists
from grader.learner.importer.text.blocks import Block
from grader.learner.importer.text.pieces import Heading, Piece

_LONGEST_TITLE = 8
"""Words beyond which a text that ends in a point is a sentence, not a title."""


def classify_list(block: Block, into: Findings) -> None:
    """Add the readings of a list to the findings.

    Directly below a heading that names a reading list every item is a reading; further down only
    those with a link are, because a list in between may be about anything. The page's title counts
    as a heading further up.
    """
    nearest = block.above[-1] if block.above else None
    names_all = nearest is not None and nearest != into.title and lists.is_collection(nearest)
    if not names_all and not any(_is_list(heading, into) for heading in block.above):
        return
    for piece, item in zip(block.pieces, lists.split_items(block.tokens), strict=True):
        _add_reading(block, piece, item, into, needs_link=not names_all)


def _is_list(heading: Heading, into: Findings) -> bool:
    return lists.is_collection(heading) if heading == into.title else lists.is_reading_list(heading)


def _add_reading(
    block: Block, piece: Piece, item: list[Token], into: Findings, *, needs_link: bool
) -> None:
    entry = reading_entries.read_entry(item)
    if entry is None or not _is_reading(entry, item, needs_link=needs_link):
        return
    state = "done" if entry.ticked else lists.find_state(block.above, into.title, into.states)
    if entry.ticked is False and state == "done":
        state = "inbox"
    if "[](" in piece.text:
        into.add_remark(piece, f"a link without text; its title is {entry.title!r}")
    kind = lists.find_kind(block.above)
    into.readings.append(
        ListedReading(entry.title, entry.url, state, kind, entry.authors, piece.line)
    )


def _is_reading(entry: ReadingEntry, item: list[Token], *, needs_link: bool) -> bool:
    """Return True if an item is something to read: it has a link, a box, or a short text alone."""
    if entry.url:
        return not explain_refusal(entry.url)
    if needs_link:
        return False
    is_sentence = entry.title.endswith(".") and len(entry.title.split()) > _LONGEST_TITLE
    return entry.ticked is not None or (lists.is_single(item) and not is_sentence)
