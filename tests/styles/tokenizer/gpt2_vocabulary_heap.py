"""GPT-2's tokenizer: a heap of joins over a linked list, and lru_cache for pieces."""

import heapq
from base64 import b64decode
from functools import lru_cache

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """One entry for each line."""
    ranks = {}
    for line in text.split("\n"):
        if line.strip():
            token, _, rank = line.partition(" ")
            ranks[b64decode(token)] = int(rank)
    return ranks


class GPT2Tokenizer:
    """Ranks and special tokens."""

    def __init__(self, ranks: dict[bytes, int], special: dict[str, int] | None = None) -> None:
        """Keep both, and the way back."""
        for value in range(256):
            if bytes((value,)) not in ranks:
                raise ValueError(f"byte {value}")
        self.vocabulary = dict(ranks)
        self.specials = dict(special) if special else {}
        self.back = {i: token for token, i in ranks.items()}
        for text, i in self.specials.items():
            self.back[i] = text.encode()
        self.remembered = lru_cache(maxsize=None)(self.encode_piece)

    def encode_piece(self, piece: str) -> list[int]:
        """Joins from a heap, as long as their parts still stand."""
        parts: list[bytes | None] = [bytes((value,)) for value in piece.encode()]
        behind = list(range(1, len(parts) + 1))
        before = list(range(-1, len(parts) - 1))
        heap: list[tuple[int, int, bytes, bytes]] = []

        def offer(i: int) -> None:
            if i >= 0 and behind[i] < len(parts):
                a, b = parts[i], parts[behind[i]]
                rank = self.vocabulary.get(a + b)
                if rank is not None:
                    heapq.heappush(heap, (rank, i, a, b))

        for i in range(len(parts)):
            offer(i)
        while heap:
            _, i, a, b = heapq.heappop(heap)
            j = behind[i]
            if parts[i] != a or j >= len(parts) or parts[j] != b:
                continue
            parts[i], parts[j] = a + b, None
            behind[i] = behind[j]
            if behind[i] < len(parts):
                before[behind[i]] = i
            offer(before[i])
            offer(i)
        return [self.vocabulary[part] for part in parts if part is not None]

    def encode(self, text: str) -> list[int]:
        """Find the next special token, encode what stands before it, go on behind it."""
        ids: list[int] = []
        while text:
            found = [(text.find(s), -len(s), s) for s in self.specials if s in text]
            at, _, special = min(found, default=(len(text), 0, ""))
            for piece in pretokenize(text[:at]):
                ids.extend(self.remembered(piece))
            if special:
                ids.append(self.specials[special])
            text = text[at + len(special) :]
        return ids

    def decode(self, ids: list[int]) -> str:
        """Bytes first, then text."""
        try:
            return b"".join([self.back[i] for i in ids]).decode(errors="replace")
        except KeyError as error:
            raise ValueError(f"unknown id {error}") from None
