# wrong: the whole text is cut first, and special tokens are looked for in its pieces | violates: Each part between them goes to pretokenize by itself
"""GPT-2's tokenizer: its real vocabulary, and the ids that the model was trained on.

Not here: training a vocabulary.
"""

import base64
import math
import re
from itertools import pairwise

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """Return the rank of each token in a vocabulary file."""
    ranks = {}
    for line in text.splitlines():
        if line:
            token, rank = line.split(" ")
            ranks[base64.b64decode(token)] = int(rank)
    return ranks


class GPT2Tokenizer:
    """Encode text as ids of a trained vocabulary, and decode ids to text."""

    def __init__(self, ranks: dict[bytes, int], special: dict[str, int] | None = None) -> None:
        """Take the vocabulary."""
        if any(bytes([byte]) not in ranks for byte in range(256)):
            raise ValueError("a single byte has no rank")
        self.ranks = dict(ranks)
        self.special = dict(special or {})
        self.tokens = {rank: token for token, rank in self.ranks.items()}
        for token, number in self.special.items():
            self.tokens[number] = token.encode("utf-8")
        self.pattern = None
        if self.special:
            longest_first = sorted(self.special, key=len, reverse=True)
            self.pattern = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
        self.known = {}

    def encode_piece(self, piece: str) -> list[int]:
        """Return the ids of one piece, without looking for special tokens and without cutting it."""
        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
        while len(tokens) > 1:
            joins = [self.ranks.get(a + b, math.inf) for a, b in pairwise(tokens)]
            lowest = min(joins)
            if lowest == math.inf:
                break
            i = joins.index(lowest)
            tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
        return [self.ranks[token] for token in tokens]

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        ids = []
        for whole in pretokenize(text) if text else []:
            for piece in self.pattern.split(whole) if self.pattern else [whole]:
                if piece in self.special:
                    ids.append(self.special[piece])
                elif piece:
                    if piece not in self.known:
                        self.known[piece] = self.encode_piece(piece)
                    ids.extend(self.known[piece])
        return ids

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids."""
        for number in ids:
            if number not in self.tokens:
                raise ValueError(f"{number} is no id of this vocabulary")
        data = b"".join(self.tokens[number] for number in ids)
        return data.decode("utf-8", errors="replace")
