"""Text that came from elsewhere, made printable: nothing in it can control a terminal."""

from __future__ import annotations

import unicodedata

_ALLOWED = {"\n", "\t", "\u200d"}
"""Lines, columns, and what joins emoji, which controls nothing."""
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Unicode's categories: control, format, surrogate, private use and unassigned characters."""


def sanitize(text: str, limit: int = 8000) -> str:
    """Return the text with control, direction and broken characters escaped, cut at ``limit``."""
    cut = text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters in total)"
    return "".join(map(_escape, cut.replace("\r\n", "\n")))


def _escape(character: str) -> str:
    if character in _ALLOWED or unicodedata.category(character) not in _UNPRINTABLE:
        return character
    return character.encode("unicode_escape").decode("ascii")
