# wrong: the text is cut into words first, so that no merge reaches across a space | violates: Spaces and line ends are bytes like any other.
"""Byte-pair encoding, use: encode any text with the merges that training found.

Not here: training, cutting the text into words first, and speed.
"""

import re

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Return the ids of a text in a trained byte-level vocabulary."""
    tokens = []
    for word in re.findall(r"\s+|\S+", text):
        pieces = [bytes([byte]) for byte in word.encode("utf-8")]
        for pair in merges:
            pieces = merge(pieces, pair)
        tokens += pieces
    ids = {bytes([value]): value for value in range(256)}
    for i, (a, b) in enumerate(merges):
        ids[a + b] = 256 + i
    return [ids[token] for token in tokens]
