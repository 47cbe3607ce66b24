# wrong: text that is not valid becomes a single U+FFFD altogether | violates: Where the joined bytes are not valid UTF-8, the text has the replacement character U+FFFD, as often as in bytes.decode(errors="replace")
"""Byte-pair encoding, decoding: turn ids back into text.

Not here: finding special tokens in a text.
"""


def _bytes_of(
    number: int, merges: list[tuple[bytes, bytes]], texts: dict[int, str]
) -> bytes:
    """Return the bytes of one id."""
    if 0 <= number < 256:
        return bytes((number,))
    if 256 <= number < 256 + len(merges):
        left, right = merges[number - 256]
        return left + right
    if number in texts:
        return texts[number].encode()
    raise ValueError(f"unknown id {number}")


def bpe_decode(
    ids: list[int], merges: list[tuple[bytes, bytes]], special: dict[str, int] | None = None
) -> str:
    """Return the text of ids of a trained byte-level vocabulary."""
    texts = {}
    if special is not None:
        for text, number in special.items():
            texts[number] = text
    pieces = []
    for number in ids:
        pieces.append(_bytes_of(number, merges, texts))
    joined = b"".join(pieces)
    try:
        return joined.decode("utf-8")
    except UnicodeDecodeError:
        return "\ufffd"
