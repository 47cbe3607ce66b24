# wrong: the vocabulary begins with the bytes of the text only | violates: the vocabulary is the 256 single bytes
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
    vocabulary = set(tokens)
    merges = []
    while len(vocabulary) < vocab_size and len(tokens) >= 2:
        counts = Counter(pairwise(tokens))
        best = max(counts, key=lambda pair: (counts[pair], pair))
        tokens = merge(tokens, best)
        vocabulary.add(best[0] + best[1])
        merges.append(best)
    return merges
