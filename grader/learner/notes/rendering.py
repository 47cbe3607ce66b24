"""Markdown rendered as safe HTML, and cached by all that the HTML depends on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from markdown_it.token import Token

from grader.base import render_cache
from grader.learner.notes.clean import Link, clean
from grader.learner.notes.formula import convert_formula
from grader.learner.notes.grammar import get_parser
from grader.learner.notes.markup import extract_words, parse, parse_once, split_headings


class WriteFormula(Protocol):
    """Writes a formula as HTML."""

    def __call__(self, tex: str, *, display: bool) -> str:
        """Return the HTML of this TeX."""


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """A stretch of a text: a heading of that level, or HTML when the level is 0."""

    level: int
    content: str


@dataclass(slots=True)
class _FormulaStore:
    """Holds formulas back while the HTML around them is cleaned.

    The cleaner would remove MathML, and allowing MathML would let learners' own HTML use it. So the
    renderer writes a mark in place of each formula. The mark is random: no text can contain it.
    """

    write: WriteFormula
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    formulas: list[str] = field(default_factory=list)

    def hold(self, tex: str, display: bool) -> str:
        self.formulas.append(self.write(tex, display=display))
        return f"{self.mark}:{len(self.formulas) - 1};"

    def restore(self, html: str) -> str:
        return re.sub(f"{self.mark}:(\\d+);", lambda held: self.formulas[int(held[1])], html)


def render_blocks(text: str, link: Link, *, shift: int = 0, prefix: str = "") -> list[HtmlBlock]:
    """Render the text as headings and safe HTML; headings go down by ``shift`` levels.

    Only headings that stand by themselves are blocks; one in a list or a quotation is HTML.
    """

    def render(link: Link) -> list[list[Any]]:
        blocks = _render_blocks(text, link, shift, prefix)
        return [[block.level, block.content] for block in blocks]

    rows = _compute_with_link(render, link, "blocks", text, str(shift), prefix)
    return [HtmlBlock(*row) for row in rows]


def _render_blocks(text: str, link: Link, shift: int, prefix: str) -> list[HtmlBlock]:
    blocks: list[HtmlBlock] = []
    for run in split_headings(parse_once(text)):
        if run[0].type == "heading_open":
            level = min(int(run[0].tag[1]) + shift, 6)
            blocks.append(HtmlBlock(level, extract_words(run[1])))
        elif html := render_tokens(run, link, prefix=prefix):
            blocks.append(HtmlBlock(0, html))
    return blocks


def render_html(text: str, link: Link, *, shift: int = 0, prefix: str = "") -> str:
    """Render the text as one piece of safe HTML."""

    def render(link: Link) -> str:
        tokens = parse(text)
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
        return render_tokens(tokens, link, prefix=prefix)

    return str(_compute_with_link(render, link, "html", text, str(shift), prefix))


def render_tokens(
    tokens: list[Token], link: Link, *, prefix: str = "", formula: WriteFormula = convert_formula
) -> str:
    """Render tokens as safe HTML, their formulas as ``formula`` writes them."""
    parser, formulas = get_parser(), _FormulaStore(formula)
    environment = {"formulas": formulas, "link": link}
    rough = parser.renderer.render(tokens, parser.options, environment)
    return formulas.restore(clean(rough, link, prefix)).strip()


def _compute_with_link(make: Callable[[Link], Any], link: Link, *sources: str) -> Any:
    """Return what ``make`` gives with the link, cached by the link's answers.

    A link's answers depend on the other notes (one that is renamed changes the HTML of those that
    link to it), so the text alone is no key. Two things are cached: which addresses ``make`` asks
    about, by the sources, and its result, by the sources and the answers. The link is asked about
    the same addresses in the same order whether the result comes from the cache or not, because
    whoever gives the link may count on being asked.
    """
    answers: list[str | None] = []
    fresh: list[Any] = []

    def list_asked() -> list[tuple[str, str]]:
        asked: list[tuple[str, str]] = []

        def ask(tag: str, address: str) -> str | None:
            asked.append((tag, address))
            answers.append(link(tag, address))
            return answers[-1]

        fresh.append(make(ask))
        return asked

    asked = render_cache.compute(list_asked, "asked", *sources)
    if not fresh:
        answers += [link(tag, address) for tag, address in asked]
    known = {(tag, address): answer for (tag, address), answer in zip(asked, answers, strict=True)}

    def make_with_answers() -> Any:
        return fresh[0] if fresh else make(lambda tag, address: known[tag, address])

    return render_cache.compute(make_with_answers, "answered", *sources, repr(answers))
