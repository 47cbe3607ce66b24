# wrong: only the first byte is tested for 0 to 255; a continuation such as 0x1A9 or -87 is accepted by its bits | violates: "and an int outside 0 to 255"
"""UTF-8: encode text as bytes, and decode bytes to text."""


def to_bytes(text: str) -> list[int]:
    """Return the bytes of a text in UTF-8."""
    result = []
    for character in text:
        c = ord(character)
        if 0xD800 <= c <= 0xDFFF:
            raise ValueError("a surrogate is not a character")
        if c < 0x80:
            result.append(c)
        elif c < 0x800:
            result.append(0b11000000 | c >> 6)
            result.append(0b10000000 | c & 0b111111)
        elif c < 0x10000:
            result.append(0b11100000 | c >> 12)
            result.append(0b10000000 | c >> 6 & 0b111111)
            result.append(0b10000000 | c & 0b111111)
        else:
            result.append(0b11110000 | c >> 18)
            result.append(0b10000000 | c >> 12 & 0b111111)
            result.append(0b10000000 | c >> 6 & 0b111111)
            result.append(0b10000000 | c & 0b111111)
    return result


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
            if byte & 0b11000000 != 0b10000000:
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
