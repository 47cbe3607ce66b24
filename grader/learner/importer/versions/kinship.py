"""Whether two texts are one and the same, edited: compared by their words, whatever their links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

_WIKI = re.compile(r"!?\[\[([^\[\]|\n]+?)(?:\\?\|([^\[\]\n]*))?\]\]")
_ADDRESS = re.compile(r"\]\(\s*(?:<[^>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)")
_ATTRIBUTE = re.compile(r"""\b(?:src|href)\s*=\s*(?:"[^"\n]*"|'[^'\n]*'|[^\s>]+)""", re.IGNORECASE)
_EAST = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Letters of scripts without spaces, each of which counts as a word."""
_WORD = re.compile(rf"[{_EAST}]|[^\W{_EAST}]+|[^\w\s\[\]()!<>|\\]")
_MARKER = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[.?\]\s+)?|\s*#+\s")
_WIDTH = re.compile(r"\d+(?:x\d+)?")
_AKIN = 0.6
"""The least share of words that two versions of one text have in common."""


def list_words(text: str) -> list[str]:
    """Return the words of a text without addresses, which an import replaces."""
    text = _WIKI.sub(_name_wiki, text)
    text = _ATTRIBUTE.sub("", _ADDRESS.sub("](", text))
    return _WORD.findall(text)


def _name_wiki(found: re.Match[str]) -> str:
    words = (found[2] or "").strip()
    shown = "" if _WIDTH.fullmatch(words) else words
    return f" {shown or found[1]} "


def hash_words(text: str) -> str:
    """Return a hash that is the same for a text before and after its links were replaced."""
    return sha256(" ".join(list_words(text)).encode("utf-8", "replace")).hexdigest()[:16]


class KinIndex:
    """Texts by their words, so that one is compared with thousands at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sizes: list[int] = []
        self._cells: dict[str, list[int]] = {}
        self._at: dict[str, list[tuple[int, int]]] = {}
        for number, text in enumerate(texts):
            words = _count_words(text)
            if cell := _get_first_cell(text):
                self._cells.setdefault(cell, []).append(number)
            self._sizes.append(words.total())
            for word, count in words.items():
                self._at.setdefault(word, []).append((number, count))

    def rank(self, text: str) -> Iterator[tuple[float, int]]:
        """Yield the texts that this one may be, edited: the share of words in common, and which.

        Rows of a table that begin with the same cell are one row, however short they are.
        """
        alike = self._cells.get(_get_first_cell(text), ())
        yield from ((1.0, number) for number in alike)
        words = _count_words(text)
        common: Counter[int] = Counter()
        for word, count in words.items():
            for number, other in self._at.get(word, ()):
                common[number] += min(count, other)
        for number, shared in common.items():
            share = 2 * shared / (words.total() + self._sizes[number])
            if share >= _AKIN and number not in alike:
                yield share, number

    def has_kin(self, text: str) -> bool:
        """Return True if a text's first line, or what was made of it, is among the texts."""
        first = next((line for line in text.split("\n") if line.strip()), "")
        return any(True for _ in self.rank(first))


def is_akin(one: str, other: str) -> bool:
    """Return True if one text may be the other one, edited."""
    return any(True for _ in KinIndex([other]).rank(one))


def _get_first_cell(text: str) -> str:
    """Return the words of the first cell of a row; empty for any other text."""
    found = re.match(r"\s*\|([^|\n]*\w[^|\n]*)\|[^\n]*$", text)
    return " ".join(list_words(found[1])).casefold() if found else ""


def _count_words(text: str) -> Counter[str]:
    """Count the words after the mark of a list or heading; signs alone are none."""
    words = list_words(_MARKER.sub("", text, count=1) if _MARKER.match(text) else text)
    return Counter(word.casefold() for word in words if word[0].isalnum())
