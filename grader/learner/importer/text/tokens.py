"""Markdown parsed into markdown-it's tokens."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_WIKILINK = re.compile(r"\[\[([^\]|\n]+)(?:\|([^\]\n]+))?\]\]")
_COMMENT = re.compile(r"%%.*?%%")
_BLOCK_ID = re.compile(r"(?<=\S)\s+\^[\w-]+$")


@cache
def _get_parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def parse(text: str, environment: dict[str, Any] | None = None) -> list[Token]:
    """Parse a text; ``environment`` receives the link definitions."""
    return _get_parser().parse(text, environment)


def parse_inline(text: str) -> Token:
    """Parse a text that is one line of words."""
    return _get_parser().parseInline(text)[0]


def extract_words(token: Token) -> str:
    """Return the words of an inline token, without its markup and that of Obsidian."""
    shown = ("text", "code_inline", "image")
    parts = (
        _strip_obsidian(child)
        if child.type in shown
        else " "
        if child.type.endswith("break")
        else ""
        for child in token.children or []
    )
    return " ".join("".join(parts).split())


def _strip_obsidian(child: Token) -> str:
    """Return a text without comments and ids of blocks; of a wikilink what it shows."""
    if child.type != "text":
        return child.content
    text = _COMMENT.sub("", child.content)
    return _BLOCK_ID.sub("", _WIKILINK.sub(lambda found: found[2] or found[1], text))
