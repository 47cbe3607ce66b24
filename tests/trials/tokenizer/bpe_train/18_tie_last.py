# wrong: of equally frequent pairs the last in the text is merged | violates: Of equally frequent pairs the greatest is merged
"""Byte-pair encoding, training: learn from a text which tokens to merge, and in what order.

Not here: cutting the text into words first, encoding another text with the merges, and speed.
"""

from collections import Counter
from itertools import pairwise


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    """Return the tokens with every occurrence of one pair joined."""
    merged = []
    i = 0
    while i < len(tokens):
        if i + 1 < len(tokens) and tokens[i] == pair[0] and tokens[i + 1] == pair[1]:
            merged.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


def bpe_train(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Return the merges of a byte-level tokenizer, learned from one text."""
    if vocab_size < 256:
        raise ValueError("vocab_size must be at least 256")
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    merges = []
    while len(merges) < vocab_size - 256 and len(tokens) >= 2:
        counts = Counter(pairwise(tokens))
        best = None
        for pair in counts:
            if best is None or counts[pair] >= counts[best]:
                best = pair
        tokens = merge(tokens, best)
        merges.append(best)
    return merges
