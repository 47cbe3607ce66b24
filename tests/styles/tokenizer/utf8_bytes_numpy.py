"""UTF-8 with NumPy: the code points of the whole text at once."""

import numpy as np

LIMITS = np.array([0x80, 0x800, 0x10000])
MARKS = np.array([0, 0xC0, 0xE0, 0xF0])


def to_bytes(text):
    """Spell a text in UTF-8."""
    codes = np.array([ord(letter) for letter in text], dtype=np.int64)
    if ((codes >> 11) == 0x1B).any():
        raise ValueError("a surrogate")
    lengths = np.searchsorted(LIMITS, codes, side="right")
    columns = [np.where(lengths >= 0, codes >> 6 * lengths | MARKS[lengths], 0)]
    for place in range(1, 4):
        bits = codes >> np.maximum(6 * (lengths - place), 0)
        columns.append(np.where(lengths >= place, 0x80 | bits & 0x3F, -1))
    table = np.stack(columns, axis=1)
    return table[table >= 0].tolist()


def from_bytes(ids):
    """Read a text back from its bytes."""
    row, letters = list(ids), []
    while row:
        first = row.pop(0)
        for length, mark in enumerate(MARKS.tolist()):
            width = 7 if length == 0 else 6 - length
            if first >> width == mark >> width and first >= 0:
                break
        else:
            raise ValueError(f"{first} begins no character")
        code = first - mark
        for _ in range(length):
            if not row or not 0x80 <= row[0] < 0xC0:
                raise ValueError("a character breaks off")
            code = code * 64 + row.pop(0) - 0x80
        if length and code < LIMITS[length - 1]:
            raise ValueError("a shorter spelling is due")
        if 0xD800 <= code <= 0xDFFF:
            raise ValueError("a surrogate")
        letters.append(chr(code))
    return "".join(letters)
