"""The classifier of lists: each item becomes a term, a reading, a claim, or stays an item."""

from __future__ import annotations

from markdown_it.token import Token

from grader.base.urls import explain_refusal
from grader.learner.importer import claims, lists, reading_entries
from grader.learner.importer.blocks import Block
from grader.learner.importer.contents import ListedReading, StatusClaim
from grader.learner.importer.findings import Findings
from grader.learner.importer.pieces import Piece
from grader.learner.importer.tokens import extract_words


def classify_list(block: Block, into: Findings) -> None:
    """Add the items of a list to the findings.

    Below a heading directly above that names a reading list every item is a reading; further down
    only those with a link are, because a list in between may be about anything.
    """
    pairs = list(zip(block.pieces, lists.split_items(block.tokens), strict=True))
    nearest = block.above[-1] if block.above else None
    if nearest and lists.is_glossary(nearest):
        into.glossary += block.pieces
    elif nearest and lists.is_reading_list(nearest):
        for piece, item in pairs:
            _add_reading(block, piece, item, into, needs_link=False)
    elif any(lists.is_reading_list(heading) for heading in block.above):
        for piece, item in pairs:
            _add_reading(block, piece, item, into, needs_link=True)
    else:
        _add_claims(pairs, into)


def _add_reading(
    block: Block, piece: Piece, item: list[Token], into: Findings, *, needs_link: bool
) -> None:
    entry = reading_entries.read_entry(item)
    is_entry = entry is not None and (entry.url or (lists.is_single(item) and not needs_link))
    if entry is None or not is_entry or (entry.url and explain_refusal(entry.url)):
        into.leftovers.append(piece)
        return
    state = "done" if entry.ticked else lists.find_state(block.above)
    if "[](" in piece.text:
        into.add_remark(piece, f"a link without text; its title is {entry.title!r}")
    kind = lists.find_kind(block.above)
    reading = ListedReading(entry.title, entry.url, state, kind, entry.authors, piece.line, piece)
    into.add_reading(reading, piece, is_complete=entry.whole)


def _add_claims(pairs: list[tuple[Piece, list[Token]]], into: Findings) -> None:
    """Add the items of a check list.

    It stays in the note too unless every item is ticked or open and says nothing that a claim
    cannot hold.
    """
    is_check_list = all(_is_check(item) for _, item in pairs)
    for piece, item in pairs:
        for token in item:
            if token.type == "inline":
                _add_claim(piece, item, token, into)
        if not is_check_list:
            into.leftovers.append(piece)


def _is_check(item: list[Token]) -> bool:
    """Return True if all lines of an item are ticked or open, without links and code."""
    inlines = [token for token in item if token.type == "inline"]
    links = any(c.type in ("link_open", "image") for t in inlines for c in t.children or [])
    code = any(token.type in ("fence", "code_block", "html_block") for token in item)
    if links or code or not inlines:
        return False
    return all(claims.read_box(extract_words(token)) for token in inlines)


def _add_claim(piece: Piece, item: list[Token], token: Token, into: Findings) -> None:
    words = extract_words(token)
    line = piece.line + (token.map or [0])[0] - (item[0].map or [0])[0]
    units = claims.find_units(words, into.course)
    if box := claims.read_box(words):
        into.claims.append(StatusClaim(box[0], box[1], "", units, line))
    elif claims.is_past(words) and units:
        into.claims.append(StatusClaim(words.rstrip("."), True, "", units, line))
