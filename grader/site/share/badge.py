"""A badge for a profile: an SVG drawn here, and the Markdown line that shows it."""

from __future__ import annotations

import re
from typing import NamedTuple

from grader.site.share.facts import Facts
from grader.site.templating import fill_file

PLACE = "assets/badge.svg"
"""Where the published site keeps it."""

_HEIGHT, _PAD, _SIZE = 20, 8, 11
_LABEL, _DONE, _BEGUN = "#2f4858", "#1f6f43", "#1d5fa8"
_NARROW, _WIDE = frozenset(" .,:;'|!()fijlrtI1"), frozenset("mwMW%@")


def draw_badge(facts: Facts) -> str:
    """Draw the course's title and how many exercises are passed, 20 pixels high."""
    words = [_join_lines(facts.course), facts.share]
    left, right = (_estimate_width(text) + 2 * _PAD for text in words)
    return fill_file(
        "share/badge.svg",
        words=words,
        parts=[
            _BadgePart(words[0], 0, left, _estimate_width(words[0]), _LABEL),
            _BadgePart(words[1], left, right, _estimate_width(words[1]), _choose_colour(facts)),
        ],
        width=left + right,
        height=_HEIGHT,
        pad=_PAD,
        size=_SIZE,
    )


class _BadgePart(NamedTuple):
    """One half of the badge, and the room that its words take."""

    words: str
    x: int
    width: int
    room: int
    colour: str


def _choose_colour(facts: Facts) -> str:
    return _DONE if facts.total.passed == facts.total.exercises else _BEGUN


def format_markdown(facts: Facts, file: str) -> str:
    """Return the line to paste: with the site's address it shows the badge on the site."""
    words = f"{_join_lines(facts.course)}: {facts.share}"
    says = re.sub(r"[\\\[\]`*_<>&!]", lambda char: f"&#{ord(char[0])};", words)
    if not facts.address:
        return f"![{says}]({_quote_target(file)})"
    picture, home = f"{facts.address}/{PLACE}", f"{facts.address}/"
    return f"[![{says}]({_quote_target(picture)})]({_quote_target(home)})"


def _join_lines(text: str) -> str:
    return " ".join(text.split())


def _quote_target(address: str) -> str:
    """Quote an address so that Markdown reads all of it and no more."""
    return re.sub(r"[\s<>()\\]", lambda char: f"%{ord(char[0]):02X}", address)


def _estimate_width(text: str) -> int:
    """Estimate the width in pixels in Verdana at 11; ``textLength`` then enforces it."""
    return round(sum(4.2 if c in _NARROW else 10 if c in _WIDE else 7.1 for c in text))
