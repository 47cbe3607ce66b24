"""Wikilinks as Obsidian writes them: ``[[note]]``, ``[[note#heading|text]]``, ``![[a.png]]``.

One that leads nowhere stays as it was written, because nested lists begin with two brackets too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from grader.learner.notes.elements import write_element, write_text

_FORM = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\](?![(\[])")
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}


def add_wikilinks(parser: MarkdownIt) -> None:
    """Add the rules that parse and render wikilinks."""
    parser.inline.ruler.before("link", "wikilink", _parse)
    parser.add_render_rule("wikilink", _render)


def parse_target(address: str) -> str | None:
    """Return what a wikilink's address names, ``note#heading``; None for any other address."""
    return address[2:-2].strip() if address.startswith("[[") and address.endswith("]]") else None


def is_name(text: str) -> bool:
    """Return True if the brackets hold a name, and not numbers or letters of a formula."""
    return bool(re.search(r"[^\W\d_]{2}", text))


def index_notes(notes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the place of each note by every name that a wikilink may give it.

    ``notes`` are places and titles. Where two notes share a name, a path comes before a file's
    name and that before a title; of equals the first note has it.
    """
    listed = [(PurePosixPath(place), title) for place, title in notes]
    names = [
        *((name, path) for path, _ in listed for name in (str(path), str(path.with_suffix("")))),
        *((name, path) for path, _ in listed for name in (path.name, path.stem)),
        *((title, path) for path, title in listed),
    ]
    index: dict[str, str] = {}
    for name, path in names:
        index.setdefault(name.casefold(), str(path))
    return index


def _parse(state: StateInline, silent: bool) -> bool:
    found = _FORM.match(state.src, state.pos)
    if not found or found.end() > state.posMax or not found[2].strip():
        return False
    if not silent:
        name = found[2].strip().rstrip("\\")
        token = state.push("wikilink", "", 0)
        token.content = (found[3] or "").strip() or name
        token.markup = found[0]
        token.meta = {"target": name, "picture": _is_picture(found[1], name)}
    state.pos = found.end()
    return True


def _is_picture(mark: str, name: str) -> bool:
    return bool(mark) and PurePosixPath(name.partition("#")[0]).suffix.lower() in _PICTURES


def _render(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    token = tokens[n]
    address = quote(f"[[{token.meta['target']}]]", safe="")
    tag = "img" if token.meta["picture"] else "a"
    if env["link"](tag, address) is None:
        return write_text(self, token.markup, options, env)
    if tag == "img":
        attributes = {"src": address, "alt": _describe_picture(token)}
        return write_element(self, tag, attributes, "", options, env)
    return write_element(self, tag, {"href": address}, token.content, options, env)


def _describe_picture(token: Token) -> str:
    """Return a picture's text or, if that is a width as Obsidian writes it, its file's name."""
    name = PurePosixPath(token.meta["target"]).stem
    return name if re.fullmatch(r"\d+(x\d+)?", token.content) else token.content
