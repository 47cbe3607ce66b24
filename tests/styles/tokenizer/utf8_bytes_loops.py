"""UTF-8 with strings of bits."""


def to_bytes(text):
    """Spell a text in UTF-8."""
    ids = []
    for letter in text:
        code = ord(letter)
        if code in range(0xD800, 0xE000):
            raise ValueError("a surrogate has no bytes")
        forms = ((7, "0"), (11, "110"), (16, "1110"), (21, "11110"))
        room, head = next(form for form in forms if code < 2 ** form[0])
        bits = bin(code)[2:].zfill(room)
        own = 8 - len(head)
        ids.append(int(head + bits[:own], 2))
        for start in range(own, room, 6):
            ids.append(int("10" + bits[start : start + 6], 2))
    return ids


def from_bytes(ids):
    """Read a text back from its bytes."""
    text, bits, missing, room = "", "", 0, 0
    for byte in ids:
        if byte not in range(256):
            raise ValueError("no byte")
        row = bin(byte)[2:].zfill(8)
        ones = row.find("0") if "0" in row else 8
        if missing:
            if ones != 1:
                raise ValueError("a character breaks off")
            bits += row[2:]
            missing -= 1
        elif ones == 1 or ones > 4:
            raise ValueError("no first byte")
        else:
            bits = row[ones + 1 :]
            missing = max(ones - 1, 0)
            room = (0, 0, 7, 11, 16)[ones]
        if not missing:
            code = int(bits, 2)
            if room and code < 2**room:
                raise ValueError("too long")
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                raise ValueError("no character")
            text += chr(code)
    if missing:
        raise ValueError("the last character breaks off")
    return text
