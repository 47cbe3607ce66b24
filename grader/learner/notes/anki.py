"""Cards as a text file that Anki imports: https://docs.ankiweb.net/importing/text-files.html."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from html import escape

from markdown_it.token import Token

from grader.learner.model import Card
from grader.learner.notes import markup, rendering

HEAD = (
    "#separator:tab",
    "#html:true",
    "#notetype:Basic",
    "#deck:Groundwork",
    "#guid column:1",
    "#tags column:4",
)
"""Anki reads these lines before the rows: guid, front, back, tags."""


def format_anki_file(cards: Iterable[Card]) -> str:
    """Return the file's text. Anki updates a card that it has already, by its guid."""
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n")
    for card in cards:
        guid = f"groundwork-{card.id}"
        front = _render(markup.parse_inline(card.question))
        back = _render(markup.parse(card.answer))
        writer.writerow([guid, front, back, " ".join(_list_tags(card))])
    return "\n".join(HEAD) + "\n" + rows.getvalue()


def _render(tokens: list[Token]) -> str:
    """Render clean HTML that needs no other file, its formulas in TeX for Anki's own MathJax."""
    html = rendering.render_tokens(tokens, lambda tag, address: None, formula=_write_formula)
    return re.sub(r'<img(?: alt="([^"]*)")?>', lambda img: f"[picture: {img[1] or ''}]", html)


def _write_formula(tex: str, *, display: bool) -> str:
    text = escape(tex.strip(), quote=False)
    return f"\\[{text}\\]" if display else f"\\({text}\\)"


def _list_tags(card: Card) -> list[str]:
    note = re.sub(r"\.\w+$", "", card.place)
    return ["groundwork", _make_tag(f"notes/{note}"), *map(_make_tag, card.about)]


def _make_tag(name: str) -> str:
    return "::".join(re.sub(r"[^\w.-]+", "_", part) for part in name.split("/"))
