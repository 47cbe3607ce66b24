"""How words from elsewhere stand in Markdown, and how states are said by sign and word."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from html import escape as html_escape
from posixpath import dirname, relpath

from grader.journal import plain, title
from grader.outcome import Verdict
from grader.progress import State, Total

SIGNS: dict[State, tuple[str, str]] = {
    "passed": ("●", "passed"),
    "stale": ("◍", "stale"),
    "started": ("◐", "started"),
    "skipped": ("⊘", "skipped"),
    "open": ("○", "open"),
}
VERDICTS: dict[Verdict, str] = {
    "passed": "passed",
    "failed": "failed",
    "open": "not begun",
    "error": "could not be graded",
    "grader_error": "fault of the grader",
}
_SPECIAL = re.compile(r"[\\`*_\[\](){}<>&|~$\"'#:!@^=]")


@lru_cache(maxsize=20_000)
def escape(text: str) -> str:
    """The text as it is, on one line: nothing in it is Markdown, HTML or a formula."""
    line = " ".join(plain(text).split())
    return _SPECIAL.sub(lambda char: f"&#{ord(char[0])};", line)


def one_line(html: str) -> str:
    """Block HTML on a line of its own that no Markdown rule reads: blank lines and fences go."""
    pieces = re.split(r"(<pre\b.*?</pre>)", html, flags=re.DOTALL)
    spoken = [
        piece.replace("\n", "&#10;") if piece.startswith("<pre") else piece.replace("\n", " ")
        for piece in pieces
    ]
    return "".join(spoken).replace("\t", "&#9;").replace("`", "&#96;")


def attribute(text: str) -> str:
    """The text inside the quotes of an HTML attribute."""
    return html_escape(" ".join(plain(text).split()), quote=True)


def sign(state: State) -> str:
    """A state by sign and word."""
    mark, word = SIGNS[state]
    return f'<span class="gw-state gw-{state}">{mark} {word}</span>'


def component(total: Total) -> str:
    """The state of a unit by sign and word."""
    if total.exercises and total.passed == total.exercises:
        return '<span class="gw-state gw-passed">● complete</span>'
    if total.open == total.exercises:
        return '<span class="gw-state gw-open">○ planned</span>'
    return f'<span class="gw-state gw-started">◐ {total.passed} of {total.exercises}</span>'


def count(number: int, noun: str) -> str:
    """``1 attempt``, ``2 attempts``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@lru_cache(maxsize=5_000)
def day_in_words(day: str | None) -> str:
    """A recorded day in short words, ``22 November 2026``; a dash when there is none."""
    if day is None:
        return "–"
    try:
        return title(date.fromisoformat(day)).partition(", ")[2]
    except ValueError:
        return escape(day)


def unbroken(text: str) -> str:
    """Words that stay on one line, as a day in a narrow column should."""
    return text.replace(" ", "\u00a0")


def slug(heading: str) -> str:
    """The anchor that the table of contents gives a heading."""
    words = re.sub(r"[^\w\s-]", "", heading).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


def to(here: str, there: str) -> str:
    """The relative address from one page to another."""
    return _from(dirname(here) or ".", there)


@lru_cache(maxsize=50_000)
def _from(folder: str, there: str) -> str:
    return relpath(there, folder)


def wide(page: str, *hidden: str) -> str:
    """The page without a list of pages beside it, or without what is named."""
    lines = "".join(f"  - {part}\n" for part in hidden or ("navigation",))
    return f"---\nhide:\n{lines}---\n\n{page}"


def alone(page: str) -> str:
    """The page without any list beside it."""
    return f"---\nhide:\n  - navigation\n  - toc\n---\n\n{page}"


def address(here: str, there: str) -> str:
    """The address from one page to another inside HTML, which MkDocs leaves as it is."""
    return attribute(re.sub(r"\.md\b", ".html", to(here, there)))


def hours(minutes: float) -> str:
    """``25 min``, ``1 h 20 min``, ``3 h``."""
    whole, rest = divmod(round(minutes), 60)
    told = [f"{whole} h"] * bool(whole) + [f"{rest} min"] * bool(rest or not whole)
    return " ".join(told)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ledger(head: list[str], rows: list[list[str]]) -> str:
    """A table in HTML whose rows are named by their first cells, and which fits a phone."""
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = (
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<table class="gw-ledger"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def warning(heading: str, lines: list[str]) -> str:
    """A box that names what could not be read."""
    items = "".join(f"<li>{html_escape(' '.join(plain(line).split()))}</li>" for line in lines)
    return (
        f'<div class="admonition warning"><p class="admonition-title">{html_escape(heading)}</p>'
        f"<ul>{one_line(items)}</ul></div>"
    )
