# wrong: merges start at 255 | violates: 256 + i: a + b, for (a, b) = merges[i]
"""Byte-pair encoding, decoding: turn ids back into text.

Not here: finding special tokens in a text.
"""


def bpe_decode(
    ids: list[int], merges: list[tuple[bytes, bytes]], special: dict[str, int] | None = None
) -> str:
    """Return the text of ids of a trained byte-level vocabulary."""
    table: list[bytes | None] = [bytes([value]) for value in range(255)]
    table += [a + b for a, b in merges]
    for text, number in sorted((special or {}).items(), key=lambda item: item[1]):
        table += [None] * (number - len(table))
        table.append(text.encode("utf-8"))

    data = bytearray()
    for number in ids:
        piece = table[number] if 0 <= number < len(table) else None
        if piece is None:
            raise ValueError(f"id {number} stands for nothing")
        data.extend(piece)
    return str(data, encoding="utf-8", errors="replace")
