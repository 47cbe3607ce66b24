"""Reads the cards of one note: question callouts, lines with ``::``, tables of questions."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import orjson
from markdown_it.token import Token

from grader.learner.model import Card
from grader.learner.notes import markup
from grader.learner.notes.front_matter import read_metadata, scan_about
from grader.learner.notes.line_card import LineCard

_FoundCard = tuple[str, str, str, int]
"""The question's words, the question and the answer as Markdown, and the line."""


def read_cards(text: str, place: str, about: tuple[str, ...] = ()) -> list[Card]:
    """Read the cards of a Markdown text, in its order.

    They are about the exercises that its front matter names, or else those in ``about``.
    """
    text = markup.remove_controls(text)
    matter = markup.find_front_matter(text) if text.startswith("---") else ""
    about = scan_about(matter) or about
    return [
        Card(make_card_id(words), question, answer, place, line, about)
        for words, question, answer, line in _find_cards(text)
        if question and answer
    ]


def read_notebook_cards(text: str, place: str) -> list[Card]:
    """Read the cards of a notebook's Markdown cells; one that cannot be parsed has none.

    The line of a card is the number of its cell.
    """
    try:
        whole = orjson.loads(text)
        cells = [
            (number, "".join(cell["source"]))
            for number, cell in enumerate(whole["cells"], 1)
            if cell["cell_type"] == "markdown"
        ]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return []
    about = read_metadata(whole.get("metadata")).about
    return [
        replace(card, line=number)
        for number, source in cells
        for card in read_cards(source, place, about)
    ]


def make_card_id(words: str) -> str:
    """Return a card's id: a hash of its question's words.

    Schedules are stored under it, so case, spaces and the last mark do not count: who corrects
    them in a question keeps its history. Where a note lies does not count either.
    """
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return hashlib.sha256((plain.rstrip(" ?!.:") or plain).encode()).hexdigest()[:16]


def _find_cards(text: str) -> Iterator[_FoundCard]:
    """Yield the cards in a text's tokens; ``depth`` is that of the quotations around them."""
    tokens, lines = markup.parse(text), text.splitlines()
    depth, past = 0, 0
    for n, token in enumerate(tokens):
        if n < past:
            continue
        if token.type == "callout_open" and token.meta["kind"] == "question":
            past = _find_end(tokens, n)
            if "card" in token.meta:
                yield from _read_line_card(tokens[n:past])
            else:
                yield from _read_callout(tokens[n:past], lines, depth + 1)
        elif token.type == "table_open":
            past = _find_end(tokens, n)
            yield from _read_table(tokens[n:past])
        elif token.type in ("blockquote_open", "callout_open", "alert_open"):
            depth += 1
        elif token.type in ("blockquote_close", "callout_close", "alert_close"):
            depth -= 1


def _find_end(tokens: list[Token], n: int) -> int:
    """Return the index after the token that closes the one at ``n``."""
    close, level = tokens[n].type.replace("_open", "_close"), tokens[n].level
    for m in range(n, len(tokens)):
        if (tokens[m].type, tokens[m].level) == (close, level):
            return m + 1
    return len(tokens)


def _read_callout(tokens: list[Token], lines: list[str], depth: int) -> Iterator[_FoundCard]:
    """Yield the card of a callout: its title is the question, its body the answer.

    The answer is cut from the text by its lines, so that it stays the learner's own Markdown.
    """
    first, last = tokens[0].map or [0, 0]
    body = "\n".join(_unquote(line, depth) for line in lines[first + 1 : last])
    if title := tokens[0].meta["title"]:
        yield _join_words(tokens[2]), title, body.strip("\n").rstrip(), first + 1


def _read_line_card(tokens: list[Token]) -> Iterator[_FoundCard]:
    """Yield the card of a line, and the one that asks for it the other way."""
    card: LineCard = tokens[0].meta["card"]
    line = (tokens[0].map or [0])[0] + 1
    question, answer = (_join_words(token) for token in tokens if token.type == "inline")
    yield question, card.question, card.answer, line
    if card.both_ways:
        yield answer, card.answer, card.question, line


def _unquote(line: str, depth: int) -> str:
    """Return a line without the marks of so many quotations.

    A tab after a mark counts as three columns, of which one belongs to the mark.
    """
    for _ in range(depth):
        line = re.sub(
            r"^[ \t]*>(?: |\t)?", lambda m: "  " if m[0][-1] == "\t" else "", line, count=1
        )
    return line


def _read_table(tokens: list[Token]) -> Iterator[_FoundCard]:
    """Yield the cards of a table of two columns, if they are headed Question and Answer."""
    rows: list[tuple[int, list[Token]]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append(((token.map or [0])[0] + 1, []))
        elif token.type == "inline":
            rows[-1][1].append(token)
    head = [_join_words(cell).strip().casefold() for cell in rows[0][1]] if rows else []
    if head != ["question", "answer"]:
        return
    for line, (question, answer) in rows[1:]:
        yield _join_words(question), question.content.strip(), answer.content.strip(), line


def _join_words(inline: Token) -> str:
    """Return a question without its markup."""
    breaks = ("softbreak", "hardbreak")
    return "".join(" " if t.type in breaks else t.content for t in inline.children or [])
