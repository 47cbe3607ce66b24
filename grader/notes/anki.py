"""Cards as a text file that Anki imports: https://docs.ankiweb.net/importing/text-files.html."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from html import escape

from markdown_it.token import Token

from grader.learner import Card
from grader.notes import markup

HEAD = (
    "#separator:tab",
    "#html:true",
    "#notetype:Basic",
    "#deck:Groundwork",
    "#guid column:1",
    "#tags column:4",
)
"""Anki reads these lines before the rows: guid, front, back, tags."""


def anki(cards: Iterable[Card]) -> str:
    """The file's text. A card that Anki knows already, by its guid, is brought up to date."""
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n")
    for card in cards:
        guid = f"groundwork-{card.id}"
        front = _html(markup.inline(card.question))
        back = _html(markup.tokens(card.answer))
        writer.writerow([guid, front, back, " ".join(_tags(card))])
    return "\n".join(HEAD) + "\n" + rows.getvalue()


def _html(tokens: list[Token]) -> str:
    """Clean HTML that leans on no file beside it; formulas as Anki's own MathJax reads them."""
    html = markup.exported(tokens, lambda tag, address: None, formula=_formula)
    return re.sub(r'<img(?: alt="([^"]*)")?>', lambda img: f"[picture: {img[1] or ''}]", html)


def _formula(tex: str, *, display: bool) -> str:
    text = escape(tex.strip(), quote=False)
    return f"\\[{text}\\]" if display else f"\\({text}\\)"


def _tags(card: Card) -> list[str]:
    note = re.sub(r"\.\w+$", "", card.place)
    return ["groundwork", _tag(f"notes/{note}"), *map(_tag, card.about)]


def _tag(name: str) -> str:
    return "::".join(re.sub(r"[^\w.-]+", "_", part) for part in name.split("/"))
