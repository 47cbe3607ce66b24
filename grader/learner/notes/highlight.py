"""Highlights as Obsidian writes them: ``==important==``.

``x == y``, ``x==1 and y==2`` and a run of other than two signs highlight nothing: an opening mark
follows no letter, digit or sign of comparison of the ASCII set, and a closing one precedes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_MARK = re.compile(r"(?<!=)==(?!=)")
_BEFORE_OPENING = re.compile(r"[^A-Za-z0-9_!<>=]")
_AFTER_CLOSING = re.compile(r"[^A-Za-z0-9_=]")
_BREAKS = ("softbreak", "hardbreak")


def add_highlights(parser: MarkdownIt) -> None:
    """Add the rule that finds highlights in what is text after all other markup was parsed."""
    parser.core.ruler.after("inline", "highlights", _find_highlights)


def _find_highlights(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.content.count("==") > 1:
            token.children = _pair_marks(list(_split_marks(token.children or [])))


def _split_marks(children: list[Token]) -> Iterator[Token]:
    """Yield the tokens with each mark as a token of its own, which says what it could do."""
    for n, child in enumerate(children):
        if child.type != "text" or "==" not in child.content:
            yield child
            continue
        before = " " if n == 0 or children[n - 1].type in _BREAKS else "."
        after = " " if n + 1 == len(children) or children[n + 1].type in _BREAKS else "."
        text, at = f"{before}{child.content}{after}", 1
        for found in _MARK.finditer(text):
            yield _build_text(text[at : found.start()], child.level)
            yield _build_mark(text[found.start() - 1], text[found.end()], child.level)
            at = found.end()
        yield _build_text(text[at:-1], child.level)


def _build_text(text: str, level: int) -> Token:
    return Token("text", "", 0, content=text, level=level)


def _build_mark(before: str, after: str, level: int) -> Token:
    mark = Token("text", "", 0, content="==", level=level)
    mark.meta = {
        "opens": bool(_BEFORE_OPENING.match(before)) and not after.isspace(),
        "closes": bool(_AFTER_CLOSING.match(after)) and not before.isspace(),
    }
    return mark


def _pair_marks(tokens: list[Token]) -> list[Token]:
    """Turn each mark that opens, with the next that closes beside it, into an element."""
    opened: dict[int, Token] = {}
    for token in tokens:
        opened = {level: mark for level, mark in opened.items() if level <= token.level}
        if "closes" not in token.meta:
            continue
        if token.meta["closes"] and (opening := opened.pop(token.level, None)):
            _turn_into_tag(opening, "mark_open", 1)
            _turn_into_tag(token, "mark_close", -1)
        elif token.meta["opens"]:
            opened.setdefault(token.level, token)
    return [token for token in tokens if token.content or token.type != "text"]


def _turn_into_tag(mark: Token, kind: str, nesting: Literal[1, -1]) -> None:
    mark.type, mark.tag, mark.nesting, mark.content, mark.markup = kind, "mark", nesting, "", "=="
