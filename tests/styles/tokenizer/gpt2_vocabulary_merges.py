"""GPT-2's tokenizer: the list of merges read off the ranks first, then pairs as GPT-2 has them."""

import base64
from itertools import pairwise

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """Token and rank by turns."""
    words = iter(text.split())
    return {base64.b64decode(token): int(next(words)) for token in words}


class GPT2Tokenizer:
    """Pairs of tokens, in the order of training."""

    def __init__(self, ranks: dict[bytes, int], special: dict[str, int] | None = None) -> None:
        """Find which two tokens each longer one was joined from."""
        if not all(bytes([byte]) in ranks for byte in range(256)):
            raise ValueError("a byte is missing")
        self.ids = ranks
        self.special = special or {}
        self.texts = {i: token for token, i in ranks.items()}
        self.texts.update((i, name.encode("utf-8")) for name, i in self.special.items())
        self.done: dict[str, list[int]] = {}

    def encode_piece(self, piece: str) -> list[int]:
        """Join every place of the lowest pair, from the left."""
        word = tuple(bytes([byte]) for byte in piece.encode("utf-8"))
        while len(word) > 1:
            pairs = set(pairwise(word))
            known = {pair for pair in pairs if pair[0] + pair[1] in self.ids}
            if not known:
                break
            pair = min(known, key=lambda two: self.ids[two[0] + two[1]])
            joined, i = [], 0
            while i < len(word):
                if word[i : i + 2] == pair:
                    joined.append(pair[0] + pair[1])
                    i += 2
                else:
                    joined.append(word[i])
                    i += 1
            word = tuple(joined)
        return [self.ids[token] for token in word]

    def encode(self, text: str) -> list[int]:
        """By recursion at the first special token."""
        at = min((text.find(name) for name in self.special if name in text), default=-1)
        if at >= 0:
            here = [name for name in self.special if text.startswith(name, at)]
            name = max(here, key=len)
            rest = self.encode(text[at + len(name) :])
            return [*self.encode(text[:at]), self.special[name], *rest]
        ids = []
        for piece in pretokenize(text):
            if piece not in self.done:
                self.done[piece] = self.encode_piece(piece)
            ids += self.done[piece]
        return ids

    def decode(self, ids: list[int]) -> str:
        """The bytes of all ids, read as UTF-8."""
        if unknown := [i for i in ids if i not in self.texts]:
            raise ValueError(f"unknown: {unknown}")
        return str(b"".join(map(self.texts.__getitem__, ids)), "utf-8", "replace")
