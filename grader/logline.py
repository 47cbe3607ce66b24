"""A line of the log: how one is worded, and how the minutes in it are read back. Pure rules."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from grader.errors import UsageError
from grader.journal import plain

ALONE = "Studied"
"""What a line says that has minutes and no words."""

_MINUTES = re.compile(
    r"\((?:(?P<hours>\d{1,2}(?:\.\d{1,2})?) ?h)? ?(?:(?P<minutes>\d{1,4}) ?min)?\)[ \t]*\Z"
)
_FENCE = re.compile(r" {0,12}(?:[-*+] |\d{1,9}[.)] )? *(```+|~~~+)")
_SPECIAL = re.compile(r"[\\\[\]`*<$~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_KEPT = ":/?#@!$&'*+,;=%~-._"
_DAY = 24 * 60


def line(
    words: str, *, minutes: int | None = None, verb: str = "", url: str = "", title: str = ""
) -> str:
    """One line of the log, as Markdown.

    With a ``url`` the words are the link's title, and ``verb`` says what was done with it:
    ``Watched [CS336 lecture 2](https://...)``. Without a title the address stands for itself.
    With a ``title`` of its own the words follow it: ``Read [Layer Normalization](https://...):
    why the mean goes``.
    ``minutes`` end the line, ``(80 min)``, where ``minutes_of`` finds them again.
    """
    told = words.strip()
    if title:
        named = _linked(title, url) if url else _escaped(title)
        told = f"{verb} {named}".strip() + (f": {told}" if told else "")
    elif url:
        told = f"{verb} {_linked(told, url)}".strip()
    if minutes is not None:
        first, newline, rest = (told or ALONE).partition("\n")
        told = f"{first.rstrip()} ({minutes} min){newline}{rest}"
    return told


def minutes_of(text: str) -> int:
    """The minutes that a day's lines end in, summed: ``(25 min)``, ``(2 h)``, ``(1 h 20 min)``.

    Lines of code count for nothing, and a day has 24 hours.
    """
    return min(sum(_ending(row) for row in spoken(text)), _DAY)


def _ending(row: str) -> int:
    found = _MINUTES.search(row)
    if found is None:
        return 0
    return round(60 * float(found["hours"] or 0)) + int(found["minutes"] or 0)


def spoken(text: str) -> list[str]:
    """The lines that stand in no code block between fences."""
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


def address(url: str) -> str:
    """A web address that is harmless in Markdown; ``UsageError`` when it is none."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or plain(url) != url or re.search(r"[\s\\]", url):
        shown = " ".join(plain(url).split())[:200]
        raise UsageError(
            f"{shown!r} is not the address of a page: give one that begins with https://"
        )
    return quote(url, safe=_KEPT)


def _linked(title: str, url: str) -> str:
    there = address(url)
    said = _escaped(title)
    return f"[{said}]({there})" if said else f"<{there}>"


def _escaped(title: str) -> str:
    said = " ".join(plain(title).split())
    return _SPECIAL.sub(lambda sign: chr(92) + sign[0], said)
