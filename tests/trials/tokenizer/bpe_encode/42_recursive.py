# wrong: one level of recursion for each merge, so that a thousand merges are too many | violates: merges: list of pairs as bpe_train returns them (of any length)
"""Byte-pair encoding, use: encode any text with the merges that training found.

Not here: training, cutting the text into words first, and speed.
"""

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Return the ids of a text in a trained byte-level vocabulary."""
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]

    def apply(tokens: list[bytes], start: int) -> list[bytes]:
        if start == len(merges):
            return tokens
        return apply(merge(tokens, merges[start]), start + 1)

    tokens = apply(tokens, 0)
    ids = {bytes([value]): value for value in range(256)}
    for i, (a, b) in enumerate(merges):
        ids[a + b] = 256 + i
    return [ids[token] for token in tokens]
