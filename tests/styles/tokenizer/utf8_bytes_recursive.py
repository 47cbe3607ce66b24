"""UTF-8 from the last six bits to the first, and a generator that reads."""


def to_bytes(text):
    """Spell a text in UTF-8."""
    ids = []
    for letter in text:
        ids.extend(_spelled(ord(letter)))
    return ids


def _spelled(code):
    if code >> 11 == 0b11011:
        raise ValueError("half of a pair")
    if code < 128:
        return [code]
    tail, room = [], 32
    while code >= room or not tail:
        tail.insert(0, 128 + code % 64)
        code //= 64
        room = 32 >> len(tail) - 1
        if code < room:
            break
    return [256 - 2 * room + code, *tail]


def from_bytes(ids):
    """Read a text back from its bytes."""
    return "".join(_letters(iter(list(ids))))


def _letters(stream):
    for first in stream:
        try:
            more = next(n for n, (low, high) in enumerate(HEADS) if low <= first < high)
        except StopIteration:
            raise ValueError("no beginning of a character") from None
        spelled = [first, *(next(stream, -1) for _ in range(more))]
        code = first - HEADS[more][0] if more else first
        for byte in spelled[1:]:
            if byte < 128 or byte > 191:
                raise ValueError("a character breaks off")
            code = code * 64 + byte - 128
        if _spelled(code) != spelled:
            raise ValueError("a longer spelling than is needed")
        yield chr(code)


HEADS = [(0, 128), (192, 224), (224, 240), (240, 248)]
