"""Tags as Obsidian writes them: ``#attention`` and ``#attention/heads`` in a text.

A tag follows a space or begins a line, consists of letters, digits, ``_``, ``-`` and ``/``, and has
one letter at least. Code, formulas, links and headings hold no tags.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from grader.learner.notes.elements import write_element, write_text

_SIGN = re.compile(r"(?<!\S)#(?=[^\s#])")
_POSSIBLE = re.compile(r"(?<![^\s*_~=])#(?=[^\s#])")
"""The same where the signs of other markup may stand before it."""
_LONGEST = 100
"""Characters beyond which a word is not taken for a tag."""
_BREAKS = ("softbreak", "hardbreak")
_ANCHOR = re.compile(r"<(/?)a\b", re.IGNORECASE)


def add_hashtags(parser: MarkdownIt) -> None:
    """Add the rule that finds tags in what is text after all other markup was parsed."""
    parser.core.ruler.after("highlights", "hashtags", _find_tags)
    parser.add_render_rule("hashtag", _render)


def may_hold_tags(text: str) -> bool:
    """Return False if there is certainly no tag in the text."""
    return _POSSIBLE.search(text) is not None


def normalize_tag(words: str) -> str:
    """Return the words of front matter as a tag, ``deep learning`` as ``deep-learning``.

    Empty where there is no letter in them.
    """
    plain = unicodedata.normalize("NFC", words)
    joined = "".join(sign if _is_tag_sign(sign) else " " for sign in plain)
    parts = ("-".join(part.split()) for part in joined.split("/"))
    tag = "/".join(part for part in parts if part)[:_LONGEST].strip("/")
    return tag if _has_letter(tag) else ""


def parse_tag_target(address: str) -> str | None:
    """Return the tag that an address of ours names; None for any other address."""
    return address[2:-1] if address.startswith("[#") and address.endswith("]") else None


def _find_tags(state: StateCore) -> None:
    for n, token in enumerate(state.tokens):
        is_heading = n > 0 and state.tokens[n - 1].type == "heading_open"
        if token.type == "inline" and "#" in token.content and not is_heading:
            token.children = list(_split_children(token.children or []))


def _split_children(children: list[Token]) -> Iterator[Token]:
    links = 0
    for n, child in enumerate(children):
        links += _count_links(child)
        if links or child.type != "text" or "#" not in child.content:
            yield child
        else:
            before = children[n - 1] if n else None
            is_first = before is None or before.type in _BREAKS or before.nesting == 1
            yield from _split_text(child, " " if is_first else ".")


def _count_links(token: Token) -> int:
    """Return 1 where a link begins, -1 where one ends, else 0; HTML has links too."""
    if token.type == "html_inline" and (found := _ANCHOR.match(token.content)):
        return -1 if found[1] else 1
    return token.nesting if token.tag == "a" else 0


def _split_text(token: Token, before: str) -> Iterator[Token]:
    """Yield the text with each tag as a token of its own; ``before`` stands in front of it."""
    text, at = f"{before}{token.content}", 1
    for found in _SIGN.finditer(text):
        tag = _read_tag(text, found.end())
        if tag and found.start() >= at:
            if found.start() > at:
                yield Token("text", "", 0, content=text[at : found.start()], level=token.level)
            yield _build_tag(tag, token.level)
            at = found.end() + len(tag)
    if at < len(text):
        yield Token("text", "", 0, content=text[at:], level=token.level)


def _read_tag(text: str, start: int) -> str:
    """Return the tag that begins here; empty if the word is none."""
    end = start
    while end < len(text) and _is_tag_sign(text[end]):
        end += 1
    tag = text[start:end].rstrip("/")
    return tag if len(tag) <= _LONGEST and _has_letter(tag) and normalize_tag(tag) else ""


def _is_tag_sign(sign: str) -> bool:
    return sign in "_-/" or unicodedata.category(sign)[0] in "LMN"


def _has_letter(tag: str) -> bool:
    return any(unicodedata.category(sign)[0] == "L" for sign in tag)


def _build_tag(tag: str, level: int) -> Token:
    return Token("hashtag", "", 0, content=f"#{tag}", meta={"tag": normalize_tag(tag)}, level=level)


def _render(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    token = tokens[n]
    address = quote(f"[#{token.meta['tag']}]", safe="")
    if env["link"]("a", address) is None:
        return write_text(self, token.content, options, env)
    return write_element(self, "a", {"href": address}, token.content, options, env)
