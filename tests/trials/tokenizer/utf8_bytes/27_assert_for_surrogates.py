# wrong: a surrogate in the text raises AssertionError | violates: "a text that contains one raises ``ValueError``"
# (limit of the code point, marker of the first byte, number of continuation bytes)
ROWS = ((0x80, 0x00, 0), (0x800, 0xC0, 1), (0x10000, 0xE0, 2), (0x110000, 0xF0, 3))


def _encode(c: int) -> list[int]:
    assert not 0xD800 <= c < 0xE000, f"surrogate U+{c:04X}"
    limit, marker, more = next(row for row in ROWS if c < row[0])
    return [marker + (c >> 6 * more)] + [0x80 + (c >> 6 * k) % 64 for k in reversed(range(more))]


def to_bytes(text: str) -> list[int]:
    """Return the bytes of a text in UTF-8."""
    return [byte for character in text for byte in _encode(ord(character))]


def from_bytes(ids: list[int]) -> str:
    """Return the text of the bytes; refuse what to_bytes would not have made."""
    if any(byte < 0 or byte > 255 for byte in ids):
        raise ValueError("bytes are from 0 to 255")
    text, rest = [], iter(ids)
    for byte in rest:
        if byte < 0x80:
            more, c = 0, byte
        elif byte >> 5 == 0b110:
            more, c = 1, byte - 0xC0
        elif byte >> 4 == 0b1110:
            more, c = 2, byte - 0xE0
        elif byte >> 3 == 0b11110:
            more, c = 3, byte - 0xF0
        else:
            raise ValueError("wrong first byte")
        for _ in range(more):
            following = next(rest, None)
            if following is None or following >> 6 != 0b10:
                raise ValueError("cut off")
            c = c * 64 + following % 64
        text.append(chr(c))  # chr raises ValueError above 0x10FFFF
    result = "".join(text)
    if to_bytes(result) != list(ids):
        raise ValueError("overlong")
    return result
