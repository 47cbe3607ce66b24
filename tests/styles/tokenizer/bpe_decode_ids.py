"""Decoding by taking tokens apart until only bytes are left."""


def bpe_decode(ids, merges, special=None):
    """Turn ids back into text."""
    made = {a + b: 256 + i for i, (a, b) in enumerate(merges)}
    parts = {}
    for i, pair in enumerate(merges):
        parts[256 + i] = [made.get(half, half[0]) for half in pair]
    names = {i: list(name.encode()) for name, i in special.items()} if special else {}
    todo, row = list(reversed(ids)), []
    while todo:
        i = todo.pop()
        if i in names:
            row += names[i]
        elif i in parts:
            todo += reversed(parts[i])
        elif i in range(256):
            row.append(i)
        else:
            raise ValueError("this id has no bytes")
    return str(bytes(row), encoding="utf-8", errors="replace")
