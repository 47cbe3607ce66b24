# wrong: joins with a separator byte and uses replace | violates: tokens are any byte strings (a token may contain the separator, or end with a)
"""Byte-pair encoding, training: learn from a text which tokens to merge, and in what order.

Not here: cutting the text into words first, encoding another text with the merges, and speed.
"""

from collections import Counter
from itertools import pairwise


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    """Return the tokens with every occurrence of one pair joined."""
    if not tokens:
        return []
    line = b" ".join(tokens)
    line = line.replace(b" ".join(pair), b"".join(pair))
    return line.split(b" ")


def bpe_train(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Return the merges of a byte-level tokenizer, learned from one text."""
    if vocab_size < 256:
        raise ValueError("vocab_size must be at least 256")
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    merges = []
    while len(merges) < vocab_size - 256 and len(tokens) >= 2:
        counts = Counter(pairwise(tokens))
        best = max(counts, key=lambda pair: (counts[pair], pair))
        joined = []
        for token in tokens:
            if joined and (joined[-1], token) == best:
                joined[-1] += token
            else:
                joined.append(token)
        tokens = joined
        merges.append(best)
    return merges
