"""Cards as a text file that Anki imports: https://docs.ankiweb.net/importing/text-files.html."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from html import escape

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
        writer.writerow([guid, _html(card.question), _html(card.answer), " ".join(_tags(card))])
    return "\n".join(HEAD) + "\n" + rows.getvalue()


def _html(text: str) -> str:
    """Clean HTML that leans on no file beside it; formulas as Anki's own MathJax reads them."""
    html = markup.html(text, lambda tag, address: None, formula=_formula)
    html = re.sub(r'<img alt="([^"]*)">', r"[picture: \1]", html)
    one = re.fullmatch(r"<p>(.*)</p>", html, re.DOTALL)
    return one[1] if one and "<p>" not in one[1] else html


def _formula(tex: str, *, display: bool) -> str:
    text = escape(tex.strip(), quote=False)
    return f"\\[{text}\\]" if display else f"\\({text}\\)"


def _tags(card: Card) -> list[str]:
    note = re.sub(r"\.\w+$", "", card.place)
    return ["groundwork", *(_tag(name) for name in (f"notes/{note}", card.about) if name)]


def _tag(name: str) -> str:
    return "::".join(re.sub(r"[^\w.-]+", "_", part) for part in name.split("/"))
