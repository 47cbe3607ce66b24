# right: ids of pairs looked up in a table of joins, a scan of the text with finditer, a helper for each part
"""GPT-2's tokenizer: its real vocabulary, and the ids that the model was trained on.

Not here: training a vocabulary.
"""

import base64
import math
import re

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """Return the rank of each token in a vocabulary file."""
    lines = [line.split(" ") for line in text.split("\n") if line]
    return {base64.b64decode(code): int(number) for code, number in lines}


class GPT2Tokenizer:
    """Encode text as ids of a trained vocabulary, and decode ids to text."""

    def __init__(self, ranks: dict[bytes, int], special: dict[str, int] | None = None) -> None:
        """Take the vocabulary."""
        single = {bytes([value]) for value in range(256)}
        missing = single - ranks.keys()
        if missing:
            raise ValueError(f"{len(missing)} single bytes are not in the vocabulary")
        self._rank_of = ranks.copy()
        self._special = {} if special is None else special.copy()
        self._bytes_of = {rank: token for token, rank in ranks.items()}
        self._bytes_of |= {number: name.encode() for name, number in self._special.items()}
        names = sorted(self._special, key=lambda name: -len(name))
        self._finder = re.compile("|".join(re.escape(name) for name in names)) if names else None
        self._cache: dict[str, tuple[int, ...]] = {}

    def _join_rank(self, left: bytes, right: bytes) -> float:
        return self._rank_of.get(left + right, math.inf)

    def encode_piece(self, piece: str) -> list[int]:
        """Return the ids of one piece, without looking for special tokens and without cutting it."""
        data = piece.encode()
        # The token i is data[cuts[i]:cuts[i + 1]].
        cuts = list(range(len(data) + 1))
        while len(cuts) > 2:
            best_rank, best_place = math.inf, 0
            for i in range(1, len(cuts) - 1):
                rank = self._join_rank(data[cuts[i - 1] : cuts[i]], data[cuts[i] : cuts[i + 1]])
                if rank < best_rank:
                    best_rank, best_place = rank, i
            if best_place == 0:
                break
            cuts.pop(best_place)
        return [self._rank_of[data[i:j]] for i, j in zip(cuts, cuts[1:])]

    def _encode_part(self, part: str) -> list[int]:
        found: list[int] = []
        if part:
            for piece in pretokenize(part):
                ids = self._cache.get(piece)
                if ids is None:
                    ids = self._cache[piece] = tuple(self.encode_piece(piece))
                found += ids
        return found

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        if self._finder is None:
            return self._encode_part(text)
        out: list[int] = []
        start = 0
        for match in self._finder.finditer(text):
            out += self._encode_part(text[start : match.start()])
            out.append(self._special[match[0]])
            start = match.end()
        return out + self._encode_part(text[start:])

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids."""
        try:
            return b"".join([self._bytes_of[number] for number in ids]).decode(errors="replace")
        except KeyError as error:
            raise ValueError(f"unknown id {error}") from None
