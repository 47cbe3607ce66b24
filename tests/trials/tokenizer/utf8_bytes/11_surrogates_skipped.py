# wrong: to_bytes leaves surrogates out instead of raising | violates: "a text that contains one raises ``ValueError``"
"""UTF-8 with the byte ranges of RFC 3629, section 4."""
from typing import Iterator, List


def to_bytes(text: str) -> List[int]:
    """Return the bytes of a text in UTF-8."""
    out: List[int] = []
    for ch in text:
        code = ord(ch)
        if code in range(0xD800, 0xE000):
            continue
        tail: List[int] = []
        room = 0x80
        while code >= room:
            tail.insert(0, 0x80 | (code & 0x3F))
            code >>= 6
            room = 0x20 if room == 0x80 else room >> 1
        mark = (0x00, 0xC0, 0xE0, 0xF0)[len(tail)]
        out += [mark | code, *tail]
    return out


def _decode(ids: List[int]) -> Iterator[str]:
    need = code = 0
    low, high = 0x80, 0xBF
    for b in ids:
        if b < 0 or b > 255:
            raise ValueError(f"{b} is not a byte")
        if need == 0:
            if b <= 0x7F:
                yield chr(b)
            elif 0xC2 <= b <= 0xDF:
                need, code = 1, b & 0x1F
            elif 0xE0 <= b <= 0xEF:
                low = 0xA0 if b == 0xE0 else 0x80
                high = 0x9F if b == 0xED else 0xBF
                need, code = 2, b & 0x0F
            elif 0xF0 <= b <= 0xF4:
                low = 0x90 if b == 0xF0 else 0x80
                high = 0x8F if b == 0xF4 else 0xBF
                need, code = 3, b & 0x07
            else:
                raise ValueError(f"invalid start byte {b:#x}")
            continue
        if not low <= b <= high:
            raise ValueError(f"invalid continuation byte {b:#x}")
        low, high = 0x80, 0xBF
        code = (code << 6) | (b & 0x3F)
        need -= 1
        if need == 0:
            yield chr(code)
    if need:
        raise ValueError("unexpected end of data")


def from_bytes(ids: List[int]) -> str:
    """Return the text that is encoded by these bytes of UTF-8."""
    return "".join(_decode(ids))
