"""A linked list of tokens and a heap of the merges that can be made."""

import heapq
import unicodedata

from exercises.tokenizer.pretokenize import pretokenize


def byte_letters():
    """Two passes: the printable ones, then the gaps."""
    letters = [None] * 256
    for first, last in (("!", "~"), ("¡", "¬"), ("®", "ÿ")):
        for code in range(ord(first), ord(last) + 1):
            letters[code] = chr(code)
    gap = 0
    for byte in range(256):
        if letters[byte] is None:
            letters[byte] = chr(256 + gap)
            gap += 1
    return letters


def split_pieces(text):
    """Collect characters until a number comes."""
    pieces, waiting = [], []
    for character in text:
        if unicodedata.category(character).startswith("N"):
            pieces.extend(pretokenize("".join(waiting)))
            pieces.append(character)
            waiting.clear()
        else:
            waiting.append(character)
    return pieces + pretokenize("".join(waiting))


class SmolLMTokenizer:
    """Keeps merges as a dict of dicts."""

    def __init__(self, tokens, merges):
        self.tokens = list(tokens)
        self.index = dict(zip(self.tokens, range(len(self.tokens)), strict=True))
        self.after = {}
        for rank, merge in enumerate(merges):
            left, right = merge.split()
            self.after.setdefault(left, {})[right] = rank
        self.letters = byte_letters()

    def encode_piece(self, piece):
        """Pop the best merge; skip those whose neighbours have changed."""
        parts = [self.letters[byte] for byte in bytes(piece, "utf-8")]
        if any(part not in self.index for part in parts):
            raise ValueError("a byte has no token")
        right = [*range(1, len(parts)), -1]
        left = [*range(-1, len(parts) - 1)]
        heap = []

        def offer(i, j):
            if i >= 0 and j >= 0:
                rank = self.after.get(parts[i], {}).get(parts[j])
                if rank is not None:
                    heapq.heappush(heap, (rank, i, j, parts[i], parts[j]))

        for i in range(len(parts) - 1):
            offer(i, i + 1)
        while heap:
            _, i, j, a, b = heapq.heappop(heap)
            if parts[i] != a or parts[j] != b or right[i] != j:
                continue
            parts[i], parts[j] = a + b, None
            right[i] = right[j]
            if right[i] >= 0:
                left[right[i]] = i
            offer(left[i], i)
            offer(i, right[i])
        return [self.index[part] for part in parts if part is not None]

    def encode(self, text):
        """Each different piece once."""
        known, ids = {}, []
        for piece in split_pieces(text):
            if piece not in known:
                known[piece] = self.encode_piece(piece)
            ids.extend(known[piece])
        return ids

    def decode(self, ids):
        """By str.translate and latin-1."""
        if any(i < 0 or i >= len(self.tokens) for i in ids):
            raise ValueError("no such id")
        table = {ord(letter): byte for byte, letter in enumerate(self.letters)}
        text = "".join(map(self.tokens.__getitem__, ids)).translate(table)
        return text.encode("latin-1").decode("utf-8", "replace")
