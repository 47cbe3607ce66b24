# wrong: END is counted as a word and gets a second place | violates: END is not counted as a word
"""A tokenizer of whole words: ids for the most frequent words, and one id for all others.

Not here: pieces of words, with which no word is unknown.
"""

import re
from collections import Counter
from itertools import zip_longest

from exercises.tokenizer.pretokenize import pretokenize

PAD, UNK, END = "<|pad|>", "<|unk|>", "<|endoftext|>"
SPECIAL = (PAD, UNK, END)


def _pieces(text: str) -> list[str]:
    """Cut a text into its words and ENDs."""
    pieces: list[str] = []
    for part in re.split(f"({re.escape(END)})", text):
        if part == END:
            pieces.append(END)
        elif part:
            pieces.extend(pretokenize(part))
    return pieces


class WordTokenizer:
    """Build a vocabulary of the most frequent words of a text, and encode and decode with it."""

    def __init__(self, text: str, vocab_size: int) -> None:
        """Build the vocabulary."""
        room = vocab_size - len(SPECIAL)
        if room < 0:
            raise ValueError("no room for the special tokens")
        counter = Counter(_pieces(text))
        self.words = [*SPECIAL, *(word for word, _ in counter.most_common(room))]
        self._index = {word: i for i, word in enumerate(self.words) if word not in (PAD, UNK)} | {END: 2}
        self._texts = dict(enumerate(self.words)) | {0: ""}

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        return [self._index.get(piece, SPECIAL.index(UNK)) for piece in _pieces(text)]

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids."""
        try:
            return "".join([self._texts[i] for i in ids])
        except KeyError as error:
            raise ValueError(f"unknown id {error}") from None

    def batch(self, texts: list[str]) -> list[list[int]]:
        """Return the ids of several texts as rows of equal length."""
        rows = [self.encode(text) for text in texts]
        columns = zip_longest(*rows, fillvalue=SPECIAL.index(PAD))
        padded = [list(row) for row in zip(*columns, strict=True)]
        return padded or [[] for _ in texts]
