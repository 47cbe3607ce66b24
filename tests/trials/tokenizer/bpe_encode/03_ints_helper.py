# right: helper on ids, no byte strings as tokens
"""Byte-pair encoding, use: encode any text with the merges that training found.

Not here: training, cutting the text into words first, and speed.
"""


def _join(ids: list[int], left: int, right: int, new: int) -> list[int]:
    """Replace each left that is followed by right with new."""
    joined: list[int] = []
    for current in ids:
        if joined and joined[-1] == left and current == right:
            joined[-1] = new
        else:
            joined.append(current)
    return joined


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Return the ids of a text in a trained byte-level vocabulary."""
    ids = list(text.encode("utf-8"))
    vocab = {bytes([value]): value for value in range(256)}
    for new, (a, b) in enumerate(merges, start=256):
        ids = _join(ids, vocab[a], vocab[b], new)
        vocab[a + b] = new
    return ids
