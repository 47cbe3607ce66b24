# wrong: an unfinished character at the end is held back | violates: Where the joined bytes are not valid UTF-8, the text has the replacement character U+FFFD, as often as in bytes.decode(errors="replace")
"""Byte-pair encoding, decoding: turn ids back into text.

Not here: finding special tokens in a text.
"""

import codecs


def bpe_decode(
    ids: list[int], merges: list[tuple[bytes, bytes]], special: dict[str, int] | None = None
) -> str:
    """Return the text of ids of a trained byte-level vocabulary."""
    vocab = {i: bytes([i]) for i in range(256)}
    for i, (a, b) in enumerate(merges):
        vocab[256 + i] = a + b
    for token, i in (special or {}).items():
        vocab[i] = token.encode("utf-8")
    for i in ids:
        if i not in vocab:
            raise ValueError(f"{i} is not an id of the vocabulary")
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    return "".join([decoder.decode(vocab[i]) for i in ids])
