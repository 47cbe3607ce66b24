"""The tokenizer of a GGUF file: byte-level BPE in which every digit is a token of its own."""

from __future__ import annotations

import functools
import itertools
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence

SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
"""The system prompt of every conversation that the model was trained on."""

_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class Tokenizer:
    """Encodes text as token ids and decodes ids to bytes."""

    def __init__(self, tokens: Sequence[str], merges: Iterable[str]) -> None:
        """Take ``tokens`` in the order of ids and ``merges`` in the order of ranks.

        Both spell bytes as the file does: one printable letter for each byte.
        """
        self._tokens = tokens
        self._ids = {token: number for number, token in enumerate(tokens)}
        self._ranks = {tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)}
        self._letters = _spell_bytes()
        self._bytes = {letter: byte for byte, letter in enumerate(self._letters)}

    def look_up(self, token: str) -> int:
        """Return the id of a special token such as ``<|im_end|>``."""
        return self._ids[token]

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text; special tokens that it spells out are encoded as plain text."""
        ids = []
        for piece in split_text(text):
            word = [self._letters[byte] for byte in piece.encode("utf-8", "replace")]
            ids += [self._ids[part] for part in self._merge(word)]
        return ids

    def decode(self, ids: Iterable[int]) -> bytes:
        """Return the bytes of the ids, which may end in the middle of a character."""
        letters = "".join(self._tokens[number] for number in ids)
        return bytes(self._bytes[letter] for letter in letters if letter in self._bytes)

    def encode_question(self, text: str) -> list[int]:
        """Return the ids of a conversation in which the user asked and the assistant is next."""
        begin, end = self.look_up("<|im_start|>"), self.look_up("<|im_end|>")
        ids = []
        for role, words in (("system", SYSTEM), ("user", text)):
            ids += [begin, *self.encode(f"{role}\n{words}"), end, *self.encode("\n")]
        return [*ids, begin, *self.encode("assistant\n")]

    def _merge(self, word: list[str]) -> list[str]:
        """Merge the pair of the lowest rank, the leftmost first, until no pair has a rank."""
        while len(word) > 1:
            pairs = list(itertools.pairwise(word))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, sys.maxsize))
            if best not in self._ranks:
                break
            at = pairs.index(best)
            word = [*word[:at], word[at] + word[at + 1], *word[at + 2 :]]
        return word


def split_text(text: str) -> list[str]:
    """Split the text into the pieces within which merges happen: digits, then GPT-2's pattern."""
    number, rest = _compile_patterns()
    return [piece for part in number.split(text) for piece in (rest.findall(part) if part else ())]


@functools.cache
def _compile_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern that splits off each digit, and GPT-2's pattern for the rest.

    GPT-2's pattern is written with Unicode categories (letters, numbers), which Python's ``re``
    does not know, so they are written out as ranges of characters.
    """
    letters, numbers = _list_category("L"), _list_category("N")
    words = rf"'(?:s|t|re|ve|m|ll|d)| ?[{letters}]+| ?[{numbers}]+| ?[^{_SPACE}{letters}{numbers}]+"
    return (
        re.compile(f"([{numbers}])"),
        re.compile(rf"{words}|[{_SPACE}]+(?![^{_SPACE}])|[{_SPACE}]+"),
    )


def _list_category(initial: str) -> str:
    """Return the characters of a general category as ranges for a character class."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] == initial:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _spell_bytes() -> list[str]:
    """Return the letter that spells each byte: the character itself where it is printable."""
    printed = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in printed else next(others)) for byte in range(256)]
