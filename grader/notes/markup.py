"""Markdown as learners write it, for GitHub, Jupyter or Obsidian, turned into safe HTML."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from markdown_it.token import Token

from grader import pieces
from grader.notes.clean import Link, clean
from grader.notes.formula import mathml, problem
from grader.notes.grammar import MATH, parser

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")


class Formula(Protocol):
    """Writes a formula as HTML."""

    def __call__(self, tex: str, *, display: bool) -> str:
        """The HTML of this TeX."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text: a heading of that level, or HTML when the level is 0."""

    level: int
    content: str


@dataclass(slots=True)
class _Formulas:
    """Formulas wait here while the HTML around them is cleaned."""

    show: Formula
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    found: list[str] = field(default_factory=list)

    def hold(self, tex: str, display: bool) -> str:
        self.found.append(self.show(tex, display=display))
        return f"{self.mark}:{len(self.found) - 1};"

    def restore(self, html: str) -> str:
        return re.sub(f"{self.mark}:(\\d+);", lambda held: self.found[int(held[1])], html)


def blocks(text: str, link: Link, *, shift: int = 0, prefix: str = "") -> list[Block]:
    """The text as headings and safe HTML; headings go down by ``shift`` levels.

    Only headings that stand by themselves are blocks; one in a list or a quotation is HTML.
    """

    def made(link: Link) -> list[list[Any]]:
        return [[b.level, b.content] for b in _blocks(text, link, shift, prefix)]

    return [Block(*row) for row in _answered(made, link, "blocks", text, str(shift), prefix)]


def _blocks(text: str, link: Link, shift: int, prefix: str) -> list[Block]:
    found: list[Block] = []
    for run in _runs(_read_only(text)):
        if run[0].type == "heading_open":
            level = min(int(run[0].tag[1]) + shift, 6)
            found.append(Block(level, _words(run[1])))
        elif html := _html(run, link, prefix).strip():
            found.append(Block(0, html))
    return found


def html(text: str, link: Link, *, shift: int = 0, prefix: str = "") -> str:
    """The text as one piece of safe HTML."""

    def made(link: Link) -> str:
        return _whole(text, link, shift, prefix)

    return str(_answered(made, link, "html", text, str(shift), prefix))


def _answered(make: Callable[[Link], Any], link: Link, *made_from: str) -> Any:
    """What ``make`` gives with the link, kept by the addresses that it asks for and the answers.

    The link is asked the same questions in the same order, whether the result is kept or not.
    """
    said: list[str | None] = []
    fresh: list[Any] = []

    def first() -> list[tuple[str, str]]:
        asked: list[tuple[str, str]] = []

        def heard(tag: str, address: str) -> str | None:
            asked.append((tag, address))
            said.append(link(tag, address))
            return said[-1]

        fresh.append(make(heard))
        return asked

    asked = pieces.made(first, "asked", *made_from)
    if not fresh:
        said += [link(tag, address) for tag, address in asked]
    answers = {(tag, address): answer for (tag, address), answer in zip(asked, said, strict=True)}

    def again() -> Any:
        return fresh[0] if fresh else make(lambda tag, address: answers[tag, address])

    return pieces.made(again, "answered", *made_from, repr(said))


def _whole(text: str, link: Link, shift: int, prefix: str) -> str:
    tokens = _tokens(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
    return _html(tokens, link, prefix).strip()


def headings(text: str) -> list[Block]:
    """The headings that stand by themselves."""

    def made() -> list[list[Any]]:
        opened = (r for r in _runs(_read_only(text)) if r[0].type == "heading_open")
        return [[int(r[0].tag[1]), _words(r[1])] for r in opened]

    return [Block(*row) for row in pieces.made(made, "headings", text)]


def front_matter(text: str) -> str:
    """The YAML between ``---`` lines at the top of the text; empty when there is none."""

    def made() -> str:
        first = _read_only(text)[:1]
        return first[0].content if first and first[0].type == "front_matter" else ""

    return str(pieces.made(made, "front matter", text))


def bad_formulas(text: str) -> list[str]:
    """Each formula that cannot be read, with what is wrong."""
    return list(pieces.made(lambda: _bad_formulas(text), "bad formulas", text))


def _bad_formulas(text: str) -> list[str]:
    found = []
    for token in _walk(_read_only(text)):
        tex = token.content
        if token.type in MATH and (why := problem(tex)):
            found.append(f"${tex.strip()}$: {why}")
    return found


def addresses(text: str) -> list[str]:
    """Where the text's links and pictures lead, as written; a wikilink keeps its brackets."""
    if not any(mark in text for mark in ("](", "[[", "]:", "][", "<")):
        return []
    return list(pieces.made(lambda: _addresses(text), "addresses", text))


def _addresses(text: str) -> list[str]:
    found = []
    for token in _walk(_read_only(text)):
        if token.type == "wikilink":
            found.append(f"[[{token.meta['target']}]]")
        elif address := token.attrs.get("href") or token.attrs.get("src"):
            found.append(str(address))
    return found


def without_controls(text: str) -> str:
    """The text without control characters; lines end in ``\\n``."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _tokens(text: str) -> list[Token]:
    return parser().parse(without_controls(text))


@lru_cache(maxsize=2)
def _read_only(text: str) -> list[Token]:
    """The tokens for those who change none of them: a text is asked several things in a row."""
    return _tokens(text)


def _html(tokens: list[Token], link: Link, prefix: str, formula: Formula = mathml) -> str:
    grammar, formulas = parser(), _Formulas(formula)
    env = {"formulas": formulas, "link": link}
    rough = grammar.renderer.render(tokens, grammar.options, env)
    return formulas.restore(clean(rough, link, prefix))


def _runs(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens in runs: each top-level heading by itself, all between two of them together."""
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


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _words(inline: Token) -> str:
    """A heading's text without its markup."""
    shown = ("text", "code_inline", "math_inline", "image", "wikilink")
    words = (t.content if t.type in shown else " " for t in inline.children or [])
    return " ".join("".join(words).split()) or "Untitled"


def opening_heading(text: str) -> int | None:
    """The line after the ``h1`` that opens the text; None when something else opens it."""
    line: int | None = pieces.made(lambda: _opening_heading(text), "opening heading", text)
    return line


def _opening_heading(text: str) -> int | None:
    tokens = [token for token in _read_only(text) if token.type != "front_matter"]
    if not tokens or tokens[0].tag != "h1" or tokens[0].map is None:
        return None
    return tokens[0].map[1]


def tokens(text: str) -> list[Token]:
    """What the text is made of, callouts and tables among it."""
    return _tokens(text)


def inline(text: str) -> list[Token]:
    """What a text is made of that is one line, such as a title: no list, heading or code block."""
    return parser().parseInline(without_controls(text))


def exported(
    tokens: list[Token], link: Link, *, prefix: str = "", formula: Formula = mathml
) -> str:
    """The safe HTML of tokens, its formulas as ``formula`` writes them."""
    return _html(tokens, link, prefix, formula).strip()
