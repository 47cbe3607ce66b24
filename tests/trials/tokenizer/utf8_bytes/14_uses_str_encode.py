# wrong: to_bytes calls str.encode | violates: "Not to be used: ``str.encode``, ``bytes(text, "utf-8")`` and the module ``codecs``."
def to_bytes(text: str) -> list[int]:
    """Return the bytes of a text in UTF-8."""
    return list(text.encode("utf-8"))


def from_bytes(ids: list[int]) -> str:
    """Return the text that is encoded by these bytes of UTF-8."""
    characters = []
    i = 0
    while i < len(ids):
        first = ids[i]
        if not 0 <= first <= 255:
            raise ValueError("not a byte")
        if first < 0x80:
            length, c, lowest = 1, first, 0
        elif 0xC0 <= first < 0xE0:
            length, c, lowest = 2, first & 0b11111, 0x80
        elif 0xE0 <= first < 0xF0:
            length, c, lowest = 3, first & 0b1111, 0x800
        elif 0xF0 <= first < 0xF8:
            length, c, lowest = 4, first & 0b111, 0x10000
        else:
            raise ValueError("no character begins with this byte")
        if i + length > len(ids):
            raise ValueError("the last character is cut off")
        for byte in ids[i + 1 : i + length]:
            if not 0x80 <= byte <= 0xBF:
                raise ValueError("a continuation byte is missing")
            c = c << 6 | byte & 0b111111
        if c < lowest:
            raise ValueError("overlong encoding")
        if 0xD800 <= c <= 0xDFFF:
            raise ValueError("surrogate")
        if c > 0x10FFFF:
            raise ValueError("code point too large")
        characters.append(chr(c))
        i += length
    return "".join(characters)
