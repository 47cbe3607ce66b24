"""A line of the log: how it is formatted, and how its minutes are read back. Pure rules."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from grader.base.errors import UsageError
from grader.learner.entry_text import strip_controls

ALONE = "Studied"
"""What a line says that has minutes and no words."""

_MINUTES = re.compile(
    r"\((?:(?P<hours>\d{1,2}(?:\.\d{1,2})?) ?h)? ?(?:(?P<minutes>\d{1,4}) ?min)?\)[ \t]*\Z"
)
_FENCE = re.compile(r" {0,12}(?:[-*+] |\d{1,9}[.)] )? *(```+|~~~+)")
_SPECIAL = re.compile(r"[\\\[\]`*<$~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_KEPT = ":/?#@!$&'*+,;=%~-._"
_DAY = 24 * 60


def format_line(
    words: str, *, minutes: int | None = None, verb: str = "", url: str = "", title: str = ""
) -> str:
    """Return one line of the log, as Markdown.

    With a ``url`` the words are the link's title, and ``verb`` says what was done with it:
    ``Watched [CS336 lecture 2](https://...)``. Without a title the address stands for itself.
    With a ``title`` of its own the words follow it: ``Read [Layer Normalization](https://...):
    why the mean goes``.
    ``minutes`` end the line, ``(80 min)``, where ``sum_minutes`` finds them again.
    """
    text = words.strip()
    if title:
        linked = _format_link(title, url) if url else _escape(title)
        text = f"{verb} {linked}".strip() + (f": {text}" if text else "")
    elif url:
        text = f"{verb} {_format_link(text, url)}".strip()
    if minutes is not None:
        first, newline, rest = (text or ALONE).partition("\n")
        text = f"{first.rstrip()} ({minutes} min){newline}{rest}"
    return text


def sum_minutes(text: str) -> int:
    """Sum the minutes that a day's lines end in: ``(25 min)``, ``(2 h)``, ``(1 h 20 min)``.

    Lines of code count for nothing, and a day has 24 hours.
    """
    return min(sum(_parse_minutes(row) for row in list_prose_lines(text)), _DAY)


def _parse_minutes(row: str) -> int:
    found = _MINUTES.search(row)
    if found is None:
        return 0
    return round(60 * float(found["hours"] or 0)) + int(found["minutes"] or 0)


def list_prose_lines(text: str) -> list[str]:
    """Return the lines that stand in no code block between fences."""
    rows, fence = [], ""
    for row in text.splitlines():
        mark = _FENCE.match(row)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            rows.append(row)
    return rows


def quote_url(url: str) -> str:
    """Return a web address that is harmless in Markdown; ``UsageError`` when it is none."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or strip_controls(url) != url or re.search(r"[\s\\]", url):
        shown = " ".join(strip_controls(url).split())[:200]
        raise UsageError(
            f"{shown!r} is not the address of a page; write one that begins with https://"
        )
    return quote(url, safe=_KEPT)


def _format_link(title: str, url: str) -> str:
    there = quote_url(url)
    escaped = _escape(title)
    return f"[{escaped}]({there})" if escaped else f"<{there}>"


def _escape(title: str) -> str:
    escaped = " ".join(strip_controls(title).split())
    return _SPECIAL.sub(lambda sign: chr(92) + sign[0], escaped)
