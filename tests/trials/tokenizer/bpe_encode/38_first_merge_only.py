# wrong: stops after one merge was applied | violates: for each (a, b) in merges
"""Byte-pair encoding, use: encode any text with the merges that training found.

Not here: training, cutting the text into words first, and speed.
"""

from itertools import pairwise

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Return the ids of a text in a trained byte-level vocabulary."""
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    numbers = {a + b: 256 + rank for (a, b), rank in ranks.items()}
    tokens = [bytes((byte,)) for byte in text.encode("utf-8")]
    while True:
        candidates = [pair for pair in pairwise(tokens) if pair in ranks]
        if not candidates:
            break
        tokens = merge(tokens, min(candidates, key=ranks.__getitem__))
        break
    return [numbers[token] if len(token) > 1 else token[0] for token in tokens]
