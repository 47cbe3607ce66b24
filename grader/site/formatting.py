"""How texts, days, times and links are written in a Markdown page."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from posixpath import dirname, relpath
from typing import Literal

from markupsafe import Markup

from grader.learner.entry_text import name_day, strip_controls

Sidebar = Literal["navigation", "toc"]
_SPECIAL = re.compile(r"[\\`*_\[\](){}<>&|~$\"'#:!@^=]")


@lru_cache(maxsize=20_000)
def escape_markdown(text: str) -> str:
    """Return the text on one line, so that nothing in it is Markdown, HTML or a formula."""
    return _SPECIAL.sub(lambda char: f"&#{ord(char[0])};", to_plain_line(text))


@lru_cache(maxsize=20_000)
def to_plain_line(text: str) -> str:
    """Return the text on one line, without terminal escapes and bidirectional controls."""
    return " ".join(strip_controls(text).split())


def fold_html(html: str) -> Markup:
    """Return clean block HTML on one line that Markdown leaves alone: no blank lines, no fences."""
    pieces = re.split(r"(<pre\b.*?</pre>)", html, flags=re.DOTALL)
    lines = [
        piece.replace("\n", "&#10;") if piece.startswith("<pre") else piece.replace("\n", " ")
        for piece in pieces
    ]
    return Markup("".join(lines).replace("\t", "&#9;").replace("`", "&#96;"))


def pluralize(number: int, noun: str) -> str:
    """Return the number with its noun: ``1 attempt``, ``2 attempts``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@lru_cache(maxsize=5_000)
def format_day(day: str | None) -> Markup:
    """Return a recorded day as ``22 November 2026``; a dash when there is none."""
    if day is None:
        return Markup("–")
    try:
        return Markup(name_day(date.fromisoformat(day)).partition(", ")[2])
    except ValueError:  # edited by hand
        return Markup(escape_markdown(day))


def keep_on_one_line(text: str) -> Markup:
    """Return the text with non-breaking spaces, as for a day in a narrow column."""
    return Markup.escape(text).replace(" ", "\u00a0")


def slugify(heading: str) -> str:
    """Return the anchor that the table of contents gives a heading."""
    words = re.sub(r"[^\w\s-]", "", heading).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


def format_percent(percent: int) -> str:
    """Return ``34 %`` so that no line ends between the number and its sign."""
    return f"{percent}\u00a0%"


def make_relative(here: str, there: str) -> str:
    """Return the relative path from one page to another, for a Markdown link."""
    return _make_relative(_get_folder(here), there)


@lru_cache(maxsize=10_000)
def _get_folder(page: str) -> str:
    return dirname(page) or "."


@lru_cache(maxsize=50_000)
def _make_relative(folder: str, there: str) -> str:
    return relpath(there, folder)


def hide_sidebars(page: str, *sidebars: Sidebar) -> str:
    """Return the page with front matter that hides these sidebars, or else the navigation."""
    lines = "".join(f"  - {sidebar}\n" for sidebar in sidebars or ("navigation",))
    return f"---\nhide:\n{lines}---\n\n{page}"


def add_front_matter(page: str, lines: str) -> str:
    """Return the page with these lines in its front matter."""
    if page.startswith("---\n"):
        return f"---\n{lines}{page[4:]}"
    return f"---\n{lines}---\n\n{page}"


def quote_yaml(value: str) -> str:
    """Return the text as a quoted scalar of YAML, which includes JSON's strings."""
    return json.dumps("".join(filter(str.isprintable, value)), ensure_ascii=False)


def make_link(title: str, here: str, there: str) -> str:
    """Return a Markdown link from one page to another, with a title that is no Markdown."""
    return f"[{escape_markdown(title)}]({make_relative(here, there)})"


def make_href(here: str, there: str) -> str:
    """Return the URL from one page to another, for HTML, whose links MkDocs leaves as they are."""
    return re.sub(r"\.md\b", ".html", make_relative(here, there))


def format_minutes(minutes: float) -> str:
    """Return a duration as ``25 min``, ``1 h 20 min`` or ``3 h``."""
    whole, rest = divmod(round(minutes), 60)
    parts = [f"{whole} h"] * bool(whole) + [f"{rest} min"] * bool(rest or not whole)
    return " ".join(parts)
