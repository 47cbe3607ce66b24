"""Markdown parsed into markdown-it's tokens."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token


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
    """Return the words of an inline token, without its markup."""
    shown = ("text", "code_inline", "image")
    parts = (
        child.content if child.type in shown else " " if child.type.endswith("break") else ""
        for child in token.children or []
    )
    return " ".join("".join(parts).split())
