"""Links as Obsidian writes them: ``[[note]]``, ``[[note#heading|text]]``, ``![[picture.png]]``.

One that leads nowhere stays as it was written, for two brackets are also how arrays begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_FORM = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\](?![(\[])")
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}


def wikilinks(parser: MarkdownIt) -> None:
    """Make the parser see them."""
    parser.inline.ruler.before("link", "wikilink", _rule)
    parser.add_render_rule("wikilink", _render)


def target(path: str) -> str | None:
    """What a wikilink's address names, ``note#heading``; None for the address of another link."""
    return path[2:-2].strip() if path.startswith("[[") and path.endswith("]]") else None


def is_meant(name: str) -> bool:
    """Whether the brackets hold a name, and not numbers or letters of a formula."""
    return bool(re.search(r"[^\W\d_]{2}", name))


def by_name(notes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """From what a wikilink may call a note to its place; the notes are places and titles.

    A path comes before a file's name, and that before a title; of equals the first.
    """
    held = list(notes)
    found: dict[str, str] = {}
    for names in (_paths, _stems, _titles):
        for place, title in held:
            for name in names(place, title):
                found.setdefault(name.casefold(), place)
    return found


def _paths(place: str, title: str) -> list[str]:
    return [place, place.removesuffix(PurePosixPath(place).suffix)]


def _stems(place: str, title: str) -> list[str]:
    return [PurePosixPath(place).name, PurePosixPath(place).stem]


def _titles(place: str, title: str) -> list[str]:
    return [title]


def _rule(state: StateInline, silent: bool) -> bool:
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
        return escape(token.markup)
    if tag == "img":
        return f'<img src="{address}" alt="{escape(_described(token))}">'
    return f'<a href="{address}">{escape(token.content)}</a>'


def _described(token: Token) -> str:
    """What is said of a picture: its text, which Obsidian also uses for its width, or its name."""
    name = PurePosixPath(token.meta["target"]).stem
    return name if re.fullmatch(r"\d+(x\d+)?", token.content) else token.content
