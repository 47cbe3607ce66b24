"""Byte-pair encoding, fast: a linked list, and a look through all counts in place of a heap."""

from collections import defaultdict


def bpe_fast(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """The merges of bpe_train."""
    if vocab_size < 256:
        raise ValueError(vocab_size)
    row = list(text.encode())
    size = len(row)
    previous = [i - 1 for i in range(size)]
    following = [i + 1 for i in range(size)]
    tokens = [bytes((i,)) for i in range(256)]
    where = defaultdict(set)
    for i in range(size - 1):
        where[row[i], row[i + 1]].add(i)
    merges = []
    while len(tokens) < vocab_size and where:
        most = max(map(len, where.values()))
        tied = [pair for pair, places in where.items() if len(places) == most]
        a, b = max(tied, key=lambda pair: (tokens[pair[0]], tokens[pair[1]]))
        new = len(tokens)
        tokens.append(tokens[a] + tokens[b])
        merges.append((tokens[a], tokens[b]))
        todo = where[a, b]
        for i in sorted(todo):
            if i in todo:
                j = following[i]
                h, k = previous[i], following[j]
                if h >= 0:
                    _leave(where, (row[h], a), h)
                    where[row[h], new].add(h)
                if k < size:
                    _leave(where, (b, row[k]), j)
                    where[new, row[k]].add(i)
                    previous[k] = i
                row[i] = new
                following[i] = k
                _leave(where, (a, b), i)
    return merges


def _leave(where, pair, place):
    """Take a place from a pair, and the pair from the table with its last one."""
    if pair in where:
        where[pair].discard(place)
        if not where[pair]:
            del where[pair]
