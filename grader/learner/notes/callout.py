"""Callouts as Obsidian writes them: ``> [!question]- Title``, folded, open or without a fold.

The parser reads them as quotations, and a rule here rewrites those to boxes. GitHub's alerts,
which have neither title nor fold, are handled by a plugin of the parser.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_HEAD = re.compile(r"\[!([A-Za-z]+)\]([+-]?)[ \t]*([^\n]*)\n?")
_THEME = {
    **dict.fromkeys(("summary", "tldr"), "abstract"),
    **dict.fromkeys(("hint", "important"), "tip"),
    **dict.fromkeys(("todo",), "info"),
    **dict.fromkeys(("check", "done"), "success"),
    **dict.fromkeys(("help", "faq"), "question"),
    **dict.fromkeys(("caution", "attention"), "warning"),
    **dict.fromkeys(("fail", "missing"), "failure"),
    **dict.fromkeys(("error",), "danger"),
    **dict.fromkeys(("cite",), "quote"),
}
"""Kinds that the theme has under another name."""


def add_callouts(parser: MarkdownIt) -> None:
    """Add the rule that rewrites quotations to callouts.

    It runs between the block and the inline rules: blocks are known, and titles are not parsed yet.
    """
    parser.core.ruler.after("block", "callouts", _rewrite_quotations)


def _rewrite_quotations(state: StateCore) -> None:
    tokens, rewritten = state.tokens, list[Token]()
    ends: list[Token | None] = []  # of the open quotations: the end of a callout, else None
    skipped = 0
    for n, token in enumerate(tokens):
        if skipped:
            skipped -= 1
        elif token.type == "blockquote_open":
            head = _match_head(tokens[n + 1 : n + 3])
            opening, end = _build_callout(tokens[n : n + 4], head) if head else ([token], None)
            rewritten += opening
            ends.append(end)
            skipped = 3 if head else 0
        elif token.type == "blockquote_close":
            rewritten.append(ends.pop() or token)
        else:
            rewritten.append(token)
    state.tokens = rewritten


def _match_head(tokens: list[Token]) -> re.Match[str] | None:
    """Match the kind, fold and title in a quotation's first line."""
    if [token.type for token in tokens] != ["paragraph_open", "inline"]:
        return None
    return _HEAD.match(tokens[1].content)


def _build_callout(tokens: list[Token], head: re.Match[str]) -> tuple[list[Token], Token]:
    """Return the tokens in place of a quotation's opening and first paragraph, and of its end."""
    quotation, paragraph, inline, close = tokens
    kind, fold, title = head[1].casefold(), head[2], head[3].strip()
    theme = _THEME.get(kind, kind)
    box = Token("callout_open", "details" if fold else "div", 1, map=quotation.map, block=True)
    box.level, box.attrs = quotation.level, {"class": theme if fold else f"admonition {theme}"}
    box.meta = {"kind": theme, "title": title}
    if fold == "+":
        box.attrs["open"] = ""
    end = Token("callout_close", box.tag, -1, level=box.level, block=True)
    heading = _build_title(title or kind.capitalize(), inline, "summary" if fold else "p")
    inline.content = inline.content[head.end() :]
    rest = [paragraph, inline, close] if inline.content.strip() else []
    return [box, *heading, *rest], end


def _build_title(title: str, inline: Token, tag: str) -> list[Token]:
    opening = Token("callout_title_open", tag, 1, level=inline.level - 1, block=True)
    if tag == "p":
        opening.attrs = {"class": "admonition-title"}
    words = Token("inline", "", 0, level=inline.level, content=title, children=[], block=True)
    words.map = inline.map
    close = Token("callout_title_close", tag, -1, level=inline.level - 1, block=True)
    return [opening, words, close]
