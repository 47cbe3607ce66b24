"""Whether two texts are one and the same, edited: compared by their words, whatever their links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

_WIKI = re.compile(r"!?\[\[([^\[\]|\n]+?)(?:\\?\|([^\[\]\n]*))?\]\]")
_ADDRESS = re.compile(r"\]\(\s*(?:<[^>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)")
_ATTRIBUTE = re.compile(r"""\b(?:src|href)\s*=\s*(?:"[^"\n]*"|'[^'\n]*'|[^\s>]+)""", re.IGNORECASE)
_WIDTH = re.compile(r"\d+(?:x\d+)?")
_AKIN = 0.6
"""The least share of words that two versions of one text have in common."""


def list_words(text: str) -> list[str]:
    """Return the words of a text without addresses, which an import replaces."""
    text = _WIKI.sub(_name_wiki, text)
    text = _ATTRIBUTE.sub("", _ADDRESS.sub("](", text))
    return re.findall(r"\w+|[^\w\s\[\]()!<>|\\]", text)


def _name_wiki(found: re.Match[str]) -> str:
    words = (found[2] or "").strip()
    shown = "" if _WIDTH.fullmatch(words) else words
    return f" {shown or found[1]} "


def hash_words(text: str) -> str:
    """Return a hash that is the same for a text before and after its links were replaced."""
    return sha256(" ".join(list_words(text)).encode("utf-8", "replace")).hexdigest()[:16]


def measure_kinship(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, from 0 to 1."""
    first, second = Counter(list_words(one)), Counter(list_words(other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def is_akin(one: str, other: str) -> bool:
    """Return True if one text may be the other one, edited."""
    return measure_kinship(one, other) >= _AKIN


def has_kin(text: str, lines: Iterable[str]) -> bool:
    """Return True if a text's first line, or what was made of it, is among the lines."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return any(is_akin(first, line) for line in lines if line.strip())
