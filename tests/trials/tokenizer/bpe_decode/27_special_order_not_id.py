# wrong: special tokens get the ids that follow the merges, in the order of the dict | violates: the id of a special s / there may be gaps
"""Byte-pair encoding, decoding: turn ids back into text.

Not here: finding special tokens in a text.
"""


def bpe_decode(
    ids: list[int], merges: list[tuple[bytes, bytes]], special: dict[str, int] | None = None
) -> str:
    """Return the text of ids of a trained byte-level vocabulary."""
    vocab = {i: bytes([i]) for i in range(256)}
    for i, (a, b) in enumerate(merges):
        vocab[256 + i] = a + b
    for i, token in enumerate(special or {}, 256 + len(merges)):
        vocab[i] = token.encode("utf-8")
    for i in ids:
        if i not in vocab:
            raise ValueError(f"{i} is not an id of the vocabulary")
    return b"".join(vocab[i] for i in ids).decode("utf-8", errors="replace")
