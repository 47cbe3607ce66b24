"""Cards on one line, as Obsidian's plugin for spaced repetition writes them.

``What does softmax return? :: Probabilities`` is a card, and with three colons its answer is a
question too. The paragraph's line becomes a question callout that is folded.

C++ and Rust have the same sign: ``use std::vector here``. So the sign stands once in its line,
outside of code, formulas, links and brackets, and has a space beside it or a question mark before
it; the question has two words or a question mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from grader.learner.notes.code_spans import split_code

_SIGN = re.compile(r":{2,}")
_OPAQUE = re.compile(
    r"\$\$[^$]+\$\$|\$[^$\n]+\$|\[\[[^\]\n]*\]\]|\[[^\[\]\n]*\]|\([^()\n]*\)|<[^<>\n]*>|https?://\S+"
)
"""Formulas, links, fields in brackets, HTML and addresses, in which the sign is no card's."""
_REMARK = re.compile(r"<!--.*?-->")
"""The plugin keeps a card's schedule in one, on the card's line."""


@dataclass(frozen=True, slots=True)
class LineCard:
    """A question and its answer as Markdown."""

    question: str
    answer: str
    both_ways: bool
    """Whether the answer is asked too."""


def add_line_cards(parser: MarkdownIt) -> None:
    """Add the rule, which runs where blocks are known and lines are not parsed yet."""
    parser.core.ruler.after("callouts", "line_cards", _rewrite_paragraphs)


def find_line_cards(text: str) -> dict[int, LineCard]:
    """Return the cards of a paragraph's text by the numbers of their lines, from 0."""
    if "::" not in text:
        return {}
    parts = split_code(text)
    masked = "".join(re.sub(r"[^\n]", "x", p) if is_code else p for p, is_code in parts)
    masked = _OPAQUE.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), masked)
    rows = zip(text.split("\n"), masked.split("\n"), strict=True)
    found = {number: _read_line(line, mask) for number, (line, mask) in enumerate(rows)}
    return {number: card for number, card in found.items() if card}


def _read_line(line: str, masked: str) -> LineCard | None:
    signs = list(_SIGN.finditer(masked))
    if len(signs) != 1 or len(signs[0][0]) > 3:
        return None
    start, end = signs[0].span()
    question, answer = line[:start].strip(), _REMARK.sub("", line[end:]).strip()
    asks = question.endswith(("?", "？"))
    is_apart = asks or line[start - 1 : start].isspace() or line[end : end + 1].isspace()
    if not question or not answer or not is_apart or not (asks or len(question.split()) > 1):
        return None
    return LineCard(question, answer, end - start == 3)


def _rewrite_paragraphs(state: StateCore) -> None:
    tokens, n = list[Token](), 0
    while n < len(state.tokens):
        run = state.tokens[n : n + 3]
        is_text = [t.type for t in run] == ["paragraph_open", "inline", "paragraph_close"]
        is_text = is_text and not (n and "checked" in state.tokens[n - 1].meta)  # a task
        cards = find_line_cards(run[1].content) if is_text else {}
        tokens += _split_paragraph(run, cards) if cards else run[:1]
        n += 3 if cards else 1
    state.tokens = tokens


def _split_paragraph(run: list[Token], cards: dict[int, LineCard]) -> list[Token]:
    """Return the cards of a paragraph, and a paragraph of the lines between two of them."""
    tokens, between = list[Token](), list[str]()
    lines = run[1].content.split("\n")
    for number, line in enumerate(lines):
        if number not in cards:
            between.append(line)
            continue
        tokens += _build_paragraph(run, between, number - len(between))
        tokens += _build_card(run, cards[number], number)
        between = []
    return tokens + _build_paragraph(run, between, len(lines) - len(between))


def _build_paragraph(run: list[Token], lines: list[str], number: int) -> list[Token]:
    if not lines:
        return []
    opening, inline, end = (token.copy() for token in run)
    inline.content, inline.children = "\n".join(lines), []
    inline.map = opening.map = _shift_map(run[1], number, len(lines))
    return [opening, inline, end]


def _build_card(run: list[Token], card: LineCard, number: int) -> list[Token]:
    """Return the tokens of a callout that is folded, with the card in the first one."""
    level, lines = run[0].level, _shift_map(run[1], number, 1)
    box = Token("callout_open", "details", 1, map=lines, level=level, block=True)
    box.attrs, box.meta = {"class": "question"}, {"kind": "question", "card": card}
    return [
        box,
        *_build_element("callout_title", "summary", card.question, lines, level),
        *_build_element("paragraph", "p", card.answer, lines, level),
        Token("callout_close", "details", -1, level=level, block=True),
    ]


def _build_element(
    kind: str, tag: str, text: str, lines: list[int] | None, level: int
) -> list[Token]:
    inline = Token("inline", "", 0, map=lines, level=level + 2, content=text, children=[])
    inline.block = True
    return [
        Token(f"{kind}_open", tag, 1, map=lines, level=level + 1, block=True),
        inline,
        Token(f"{kind}_close", tag, -1, level=level + 1, block=True),
    ]


def _shift_map(inline: Token, number: int, count: int) -> list[int] | None:
    if inline.map is None:
        return None
    return [inline.map[0] + number, inline.map[0] + number + count]
