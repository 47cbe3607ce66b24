"""A badge for a profile: an SVG drawn here, and the Markdown line that shows it."""

from __future__ import annotations

import re
from html import escape

from grader.sharing.facts import Facts

PLACE = "assets/badge.svg"
"""Where the published site keeps it."""

_HEIGHT, _PAD, _SIZE = 20, 8, 11
_LABEL, _DONE, _BEGUN = "#2f4858", "#1f6f43", "#1d5fa8"
_NARROW, _WIDE = frozenset(" .,:;'|!()fijlrtI1"), frozenset("mwMW%@")


def badge(facts: Facts) -> str:
    """The course and how many of all are passed, 20 pixels high, readable anywhere."""
    label, value = _one_line(facts.course), facts.share
    left, right = _width(label) + 2 * _PAD, _width(value) + 2 * _PAD
    colour = _DONE if facts.total.passed == facts.total.exercises else _BEGUN
    said = escape(f"{label}: {value} exercises passed")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{said}"><title>{said}</title>\n'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>\n'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="{_LABEL}"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/></g>\n'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="{_SIZE}">'
        f"{_word(label, _PAD)}{_word(value, left + _PAD)}</g>\n</svg>\n"
    )


def markdown(facts: Facts, file: str) -> str:
    """The line to paste: with the site's address it shows the badge that the site keeps."""
    words = f"{_one_line(facts.course)}: {facts.share}"
    says = re.sub(r"[\\\[\]`*_<>&!]", lambda char: f"&#{ord(char[0])};", words)
    if not facts.address:
        return f"![{says}]({_target(file)})"
    return f"[![{says}]({_target(f'{facts.address}/{PLACE}')})]({_target(f'{facts.address}/')})"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _target(address: str) -> str:
    """An address that ends where Markdown thinks it does."""
    return re.sub(r"[\s<>()\\]", lambda char: f"%{ord(char[0]):02X}", address)


def _width(text: str) -> int:
    """Pixels of a line in Verdana at 11, about; ``textLength`` makes it so."""
    return round(sum(4.2 if c in _NARROW else 10 if c in _WIDE else 7.1 for c in text))


def _word(text: str, x: int) -> str:
    return f'<text x="{x}" y="14" textLength="{_width(text)}">{escape(text)}</text>'
