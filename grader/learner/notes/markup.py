"""Markdown as learners write it, for GitHub, Jupyter or Obsidian: parsed, and what is in it.

Results are cached with the rendering of the site (``render_cache``) by the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from textwrap import shorten
from typing import Any

from markdown_it.token import Token

from grader.base import render_cache
from grader.base.leaks import find_leaks
from grader.learner.notes.formula import find_formula_fault
from grader.learner.notes.grammar import FORMULAS, get_parser
from grader.learner.notes.hashtag import may_hold_tags

_QUOTATIONS = ("blockquote_open", "blockquote_close", "callout_open", "callout_close")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class TextHeading:
    """A heading of a text, without its markup."""

    level: int
    words: str


def remove_controls(text: str) -> str:
    """Return the text without control characters, its lines ending in ``\\n``."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def parse(text: str) -> list[Token]:
    """Parse a text into tokens, callouts and tables among them."""
    return get_parser().parse(remove_controls(text))


def parse_inline(text: str) -> list[Token]:
    """Parse a text of one line, such as a title: no list, heading or code block is seen in it."""
    return get_parser().parseInline(remove_controls(text))


@lru_cache(maxsize=2)
def parse_once(text: str) -> list[Token]:
    """Parse a text that several functions ask about in a row; nobody may change the tokens."""
    return parse(text)


def split_headings(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield each top-level heading by itself, and all tokens between two of them together."""
    run: list[Token] = []
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and run:
            yield run
            run = []
        run.append(token)
        if token.type == "heading_close" and token.level == 0:
            yield run
            run = []
    if run:
        yield run


def extract_words(inline: Token) -> str:
    """Return a heading's text without its markup."""
    return _join_inline(inline) or "Untitled"


def _join_inline(inline: Token) -> str:
    shown = ("text", "code_inline", "math_inline", "image", "wikilink")
    words = (
        t.content if t.type in shown else "" if t.nesting else " " for t in inline.children or []
    )
    return " ".join("".join(words).split())


def list_headings(text: str) -> list[TextHeading]:
    """Return the headings that stand by themselves, not in a list or a quotation."""

    def find() -> list[list[Any]]:
        runs = split_headings(parse_once(text))
        opened = (run for run in runs if run[0].type == "heading_open")
        return [[int(run[0].tag[1]), extract_words(run[1])] for run in opened]

    return [TextHeading(*row) for row in render_cache.compute(find, "headings", text)]


def extract_excerpt(text: str, characters: int) -> str:
    """Return the text's first paragraph, without its markup, cut at a word; empty without one.

    Quotations are left out: a folded question has its answer in one.
    """

    def find() -> str:
        depth, before = 0, ""
        for token in parse_once(text):
            depth += token.nesting if token.type in _QUOTATIONS else 0
            is_paragraph = before == "paragraph_open" and not depth
            if is_paragraph and (words := _join_inline(token)):
                return shorten(words, characters, placeholder=" …")
            before = token.type
        return ""

    return str(render_cache.compute(find, "excerpt", str(characters), text))


def find_title_end(text: str) -> int | None:
    """Return the line after the ``h1`` that the text begins with; None without one."""

    def find() -> int | None:
        tokens = [token for token in parse_once(text) if token.type != "front_matter"]
        if not tokens or tokens[0].tag != "h1" or tokens[0].map is None:
            return None
        return tokens[0].map[1]

    line: int | None = render_cache.compute(find, "opening heading", text)
    return line


def find_front_matter(text: str) -> str:
    """Return the YAML between ``---`` lines at the top of the text; empty without any."""

    def find() -> str:
        first = parse_once(text)[:1]
        return first[0].content if first and first[0].type == "front_matter" else ""

    return str(render_cache.compute(find, "front matter", text))


def list_formula_faults(text: str) -> list[str]:
    """Return each formula that cannot be parsed, with what is wrong."""

    def find() -> list[str]:
        formulas = (token.content for token in _walk(parse_once(text)) if token.type in FORMULAS)
        faults = ((tex.strip(), find_formula_fault(tex)) for tex in formulas)
        return [f"${tex}$: {fault}" for tex, fault in faults if fault]

    return list(render_cache.compute(find, "bad formulas", text))


def list_addresses(text: str) -> list[str]:
    """Return where links and pictures lead, as written; a wikilink keeps its brackets."""
    # A quick test first: most entries of a log have no link, and parsing is slow.
    if not any(mark in text for mark in ("](", "[[", "]:", "][", "<")):
        return []

    def find() -> list[str]:
        found = []
        for token in _walk(parse_once(text)):
            if token.type == "wikilink":
                found.append(f"[[{token.meta['target']}]]")
            elif address := token.attrs.get("href") or token.attrs.get("src"):
                found.append(str(address))
        return found

    return list(render_cache.compute(find, "addresses", text))


def list_hashtags(text: str) -> list[str]:
    """Return the tags in the text, without their sign, each once."""
    if not may_hold_tags(text):
        return []

    def find() -> list[str]:
        tags = (t.meta["tag"] for t in _walk(parse_once(text)) if t.type == "hashtag")
        return list(dict.fromkeys(tags))

    return list(render_cache.compute(find, "tags", text))


def list_leaks(text: str) -> list[tuple[int, str]]:
    """Return what should not be published, each with its line and abbreviated."""

    def find() -> list[list[Any]]:
        return [[leak.line, str(leak)] for leak in find_leaks(text)]

    return [(line, words) for line, words in render_cache.compute(find, "leaks", text)]


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])
