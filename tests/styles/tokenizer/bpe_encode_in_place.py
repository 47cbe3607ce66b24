"""Encoding in one list that is changed in place, one join at a time."""


def bpe_encode(text, merges):
    """Turn a text into ids."""
    order = {pair: rank for rank, pair in enumerate(merges)}
    parts = [text.encode()[i : i + 1] for i in range(len(text.encode()))]
    while True:
        found = None
        for i in range(len(parts) - 1):
            rank = order.get((parts[i], parts[i + 1]))
            if rank is not None and (found is None or rank < found[0]):
                found = rank, i
        if found is None:
            break
        i = found[1]
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
    names = [a + b for a, b in merges]
    return [part[0] if len(part) == 1 else 256 + names.index(part) for part in parts]
