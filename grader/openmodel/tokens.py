"""The tokenizer that a GGUF file brings: byte-level BPE, with digits one by one."""

from __future__ import annotations

import functools
import itertools
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence

SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
"""What the model was told before every conversation that it was trained on."""

_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class Tokens:
    """Text to ids and back."""

    def __init__(self, tokens: Sequence[str], merges: Iterable[str]) -> None:
        """``tokens`` by id and ``merges`` by rank, both as the file writes bytes: as letters."""
        self._tokens = tokens
        self._ids = {token: number for number, token in enumerate(tokens)}
        self._ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)}
        self._letters = _letters()
        self._bytes = {letter: byte for byte, letter in enumerate(self._letters)}

    def special(self, token: str) -> int:
        """The id of a token that is no text, such as ``<|im_end|>``."""
        return self._ids[token]

    def encode(self, text: str) -> list[int]:
        """The ids of a text, in which nothing is special."""
        ids = []
        for piece in pieces(text):
            word = [self._letters[byte] for byte in piece.encode("utf-8", "replace")]
            ids += [self._ids[part] for part in self._merged(word)]
        return ids

    def decode(self, ids: Iterable[int]) -> bytes:
        """The bytes of the ids; they need not end where a character does."""
        letters = "".join(self._tokens[number] for number in ids)
        return bytes(self._bytes[letter] for letter in letters if letter in self._bytes)

    def question(self, text: str) -> list[int]:
        """The ids of a conversation in which the user has asked and the assistant is to answer."""
        begin, end = self.special("<|im_start|>"), self.special("<|im_end|>")
        ids = []
        for role, said in (("system", SYSTEM), ("user", text)):
            ids += [begin, *self.encode(f"{role}\n{said}"), end, *self.encode("\n")]
        return [*ids, begin, *self.encode("assistant\n")]

    def _merged(self, word: list[str]) -> list[str]:
        """The word's parts after the best merge has been made, again and again."""
        while len(word) > 1:
            pairs = list(itertools.pairwise(word))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, sys.maxsize))
            if best not in self._ranks:
                break
            at = pairs.index(best)
            word = [*word[:at], word[at] + word[at + 1], *word[at + 2 :]]
        return word


def pieces(text: str) -> list[str]:
    """The text in the pieces within which merges are made: digits alone, then GPT-2's pattern."""
    number, rest = _patterns()
    return [piece for part in number.split(text) for piece in (rest.findall(part) if part else ())]


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What parts a text at each digit, and what cuts the rest."""
    letters, numbers = _category("L"), _category("N")
    words = rf"'(?:s|t|re|ve|m|ll|d)| ?[{letters}]+| ?[{numbers}]+| ?[^{_SPACE}{letters}{numbers}]+"
    return (
        re.compile(f"([{numbers}])"),
        re.compile(rf"{words}|[{_SPACE}]+(?![^{_SPACE}])|[{_SPACE}]+"),
    )


def _category(initial: str) -> str:
    """The characters whose general category begins so, as ranges for a character class."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] == initial:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _letters() -> list[str]:
    """The letter that stands for each byte in a token: itself where it can be printed."""
    printed = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in printed else next(others)) for byte in range(256)]
