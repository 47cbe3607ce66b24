"""UTF-8: text becomes bytes, and bytes become text again.

Not here: joining bytes into longer tokens.
"""


def to_bytes(text: str) -> list[int]:
    """Spell a text in UTF-8, so that each character becomes one to four bytes.

    With c for the number of a character (its code point) and x for the bits of c, the highest
    first, with zeros before them where there is room, the first row that fits gives its bytes:

        c below 0x80        0xxxxxxx
        c below 0x800       110xxxxx 10xxxxxx
        c below 0x10000     1110xxxx 10xxxxxx 10xxxxxx
        any other c         11110xxx 10xxxxxx 10xxxxxx 10xxxxxx

    Every character counts, also U+FEFF at the beginning, and nothing is added. The surrogates,
    0xD800 to 0xDFFF, are halves of UTF-16 and no characters: a text that holds one is refused
    with ``ValueError``.

    Args:
        text: any text, also an empty one.

    Returns:
        A new list of the bytes as numbers from 0 to 255.

    >>> to_bytes("aé")
    [97, 195, 169]

    Not to be used: ``str.encode``, ``bytes(text, "utf-8")`` and the module ``codecs``.
    Source: RFC 3629, section 3.
    """
    ids: list[int] = []
    for letter in text:
        c = ord(letter)
        if 0xD800 <= c <= 0xDFFF:
            raise ValueError(f"U+{c:04X} is half of a UTF-16 pair and no character")
        # The first byte says how many there are; those that follow hold six bits each.
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
    """Read a text back from its bytes in UTF-8.

    Only what ``to_bytes`` gives for some text can be read: ``to_bytes(from_bytes(ids))`` is
    ``ids``. Anything else raises ``ValueError``: a character that breaks off, a byte 10xxxxxx
    that belongs to none, a byte that stands in no row of the table, more bytes than the
    character needs (0xC0 0xAF for "/"), a surrogate, a code point above 0x10FFFF, and an id
    that is no byte.

    Args:
        ids: whole numbers, also an empty list; it stays as it was.

    Returns:
        The text.

    >>> from_bytes([97, 195, 169])
    'aé'

    Not to be used: ``bytes.decode``, ``str(ids, "utf-8")`` and the module ``codecs``.
    Source: RFC 3629, sections 3 and 10.
    """
    letters: list[str] = []
    position = 0
    while position < len(ids):
        first = ids[position]
        size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        c = first if size == 1 else first & 0x7F >> size  # the bits behind the mark
        for byte in ids[position + 1 : position + size]:
            c = c << 6 | byte & 0x3F
        letters.append(chr(c))
        position += size
    text = "".join(letters)
    # A text has one spelling, so one look back finds every kind of broken byte.
    if to_bytes(text) != ids:
        raise ValueError("these ids are not the UTF-8 bytes of a text")
    return text
