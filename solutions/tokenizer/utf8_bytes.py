"""UTF-8: encode text as bytes, and decode bytes to text.

Not here: joining bytes into longer tokens.
"""


def to_bytes(text: str) -> list[int]:
    """Return the bytes of a text in UTF-8, one to four for each character.

    Notation: c is a character's code point, x its bits, the highest bit first, filled up with
    zeros on the left. The first row that fits gives the character's bytes:

        c below 0x80        0xxxxxxx
        c below 0x800       110xxxxx 10xxxxxx
        c below 0x10000     1110xxxx 10xxxxxx 10xxxxxx
        any other c         11110xxx 10xxxxxx 10xxxxxx 10xxxxxx

    Every character is encoded, also U+FEFF at the beginning, and nothing is added. The
    surrogates, 0xD800 to 0xDFFF, are halves of UTF-16 pairs and not characters: a text that
    contains one raises ``ValueError``.

    Args:
        text: any str, also an empty one.

    Returns:
        A new list of ints from 0 to 255.

    >>> to_bytes("aé")
    [97, 195, 169]

    Not to be used: what encodes text by itself, such as ``str.encode`` (or another ``.encode``),
    ``bytes(text, "utf-8")`` and the module ``codecs``. Source: RFC 3629, section 3.
    """
    ids: list[int] = []
    for letter in text:
        c = ord(letter)
        if 0xD800 <= c <= 0xDFFF:
            raise ValueError(f"U+{c:04X} is half of a UTF-16 pair and no character")
        # The first byte says how many bytes there are; each continuation byte has six bits.
        if c < 0x80:
            ids.append(c)
        elif c < 0x800:
            ids += [0xC0 | c >> 6, 0x80 | c & 0x3F]
        elif c < 0x10000:
            ids += [0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]
        else:
            ids += [0xF0 | c >> 18, 0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]
    return ids


def from_bytes(ids: list[int]) -> str:
    """Return the text that is encoded by these bytes of UTF-8.

    The decoder is strict and accepts only what ``to_bytes`` returns for some text:
    ``to_bytes(from_bytes(ids)) == ids``. Anything else raises ``ValueError``: a character that
    is cut off, a continuation byte 10xxxxxx that belongs to no character, a byte that is in no
    row of the table, an overlong encoding (0xC0 0xAF for "/"), a surrogate, a code point above
    0x10FFFF, and an int outside 0 to 255.

    Args:
        ids: a list of ints, also an empty one; it is not changed.

    Returns:
        The text.

    >>> from_bytes([97, 195, 169])
    'aé'

    Not to be used: what decodes bytes by itself, such as ``bytes.decode`` (or another
    ``.decode``), ``str(ids, "utf-8")`` and the module ``codecs``. Source: RFC 3629, sections 3
    and 10.
    """
    letters: list[str] = []
    position = 0
    while position < len(ids):
        first = ids[position]
        # The fixed bits of the first byte choose the row; least is the smallest code point there.
        if 0 <= first < 0x80:
            size, c, least = 1, first, 0
        elif first >> 5 == 0b110:
            size, c, least = 2, first & 0x1F, 0x80
        elif first >> 4 == 0b1110:
            size, c, least = 3, first & 0x0F, 0x800
        elif first >> 3 == 0b11110:
            size, c, least = 4, first & 0x07, 0x10000
        else:
            raise ValueError(f"no character begins with {first}")
        rest = ids[position + 1 : position + size]
        if len(rest) < size - 1 or any(byte >> 6 != 0b10 for byte in rest):
            raise ValueError(f"the character at {position} is cut off")
        for byte in rest:
            c = c << 6 | byte & 0x3F
        if c < least or 0xD800 <= c <= 0xDFFF or c > 0x10FFFF:
            raise ValueError(f"the bytes at {position} are not the encoding of a character")
        letters.append(chr(c))
        position += size
    return "".join(letters)
