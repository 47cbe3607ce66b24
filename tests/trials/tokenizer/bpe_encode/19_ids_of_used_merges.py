# wrong: only merges that occur are numbered | violates: The id of a + b for (a, b) = merges[i] is 256 + i.
"""Byte-pair encoding, use: encode any text with the merges that training found.

Not here: training, cutting the text into words first, and speed.
"""

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Return the ids of a text in a trained byte-level vocabulary."""
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    for pair in merges:
        tokens = merge(tokens, pair)
    made = [pair for pair in merges if pair[0] + pair[1] in tokens]
    ids = {bytes([value]): value for value in range(256)}
    for i, (a, b) in enumerate(made):
        ids[a + b] = 256 + i
    return [ids[token] for token in tokens]
