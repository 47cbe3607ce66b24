"""Ids from the start: merges are pairs of ids, and the tokens are bytes."""

from itertools import chain, groupby, pairwise
from unicodedata import category

from exercises.tokenizer.pretokenize import pretokenize

PRINTABLE = "".join(map(chr, [*range(33, 127), *range(161, 173), *range(174, 256)]))


def byte_letters():
    """Sorted by whether a byte is printable, and back in order."""
    hidden = [byte for byte in range(256) if chr(byte) not in PRINTABLE]
    return [
        chr(byte) if chr(byte) in PRINTABLE else chr(256 + hidden.index(byte))
        for byte in range(256)
    ]


def split_pieces(text):
    """Runs of numbers become their characters."""
    pieces = []
    for number, run in groupby(text, key=lambda character: category(character)[0] == "N"):
        part = "".join(run)
        pieces += list(part) if number else pretokenize(part)
    return pieces


class SmolLMTokenizer:
    """Translates everything once."""

    def __init__(self, tokens, merges):
        number = {token: i for i, token in enumerate(tokens)}
        value = {letter: byte for byte, letter in enumerate(byte_letters())}
        self.bytes = [bytes(value[letter] for letter in token) for token in tokens]
        self.single = {value[token]: i for token, i in number.items() if len(token) == 1}
        self.merges = {}
        for rank, (a, _, b) in enumerate(merge.partition(" ") for merge in merges):
            self.merges[number[a], number[b]] = (rank, number[a + b])

    def encode_piece(self, piece):
        """All places of the best pair in one pass."""
        try:
            ids = [self.single[byte] for byte in piece.encode("utf-8")]
        except KeyError as error:
            raise ValueError("a byte without a token") from error
        while True:
            pairs = {pair for pair in pairwise(ids) if pair in self.merges}
            if not pairs:
                return ids
            best = min(pairs, key=self.merges.__getitem__)
            joined, i = [], 0
            while i < len(ids):
                hit = tuple(ids[i : i + 2]) == best
                joined.append(self.merges[best][1] if hit else ids[i])
                i += 1 + hit
            ids = joined

    def encode(self, text):
        """A chain of lists."""
        return [*chain.from_iterable(map(self.encode_piece, split_pieces(text)))]

    def decode(self, ids):
        """Join the bytes."""
        for i in ids:
            if i < 0 or i >= len(self.bytes):
                raise ValueError(f"unknown id {i}")
        return b"".join(self.bytes[i] for i in ids).decode("utf-8", "replace")
