"""Text that came from elsewhere, made harmless to print: nothing in it can steer a terminal."""

from __future__ import annotations

import unicodedata

_KEPT = {"\n", "\t"}


def harmless(text: str, limit: int = 8000) -> str:
    """The text with control, bidirectional and broken characters spelled out, cut at ``limit``."""
    cut = text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters in all)"
    return "".join(map(_spelled, cut.replace("\r\n", "\n")))


def _spelled(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return character
    if character == "\u200d":  # joins emoji, steers nothing
        return character
    return character.encode("unicode_escape").decode("ascii")
