"""Encoding by ranks of ids: of the pairs that are there, the lowest first (minbpe's way)."""

from itertools import pairwise


def bpe_encode(text, merges):
    """Turn a text into ids."""
    number = {bytes([byte]): byte for byte in range(256)}
    ranks = {}
    for a, b in merges:
        ranks[number[a], number[b]] = number[a + b] = 256 + len(ranks)
    ids = list(text.encode("utf-8"))
    while len(ids) >= 2:
        pair = min(pairwise(ids), key=lambda p: ranks.get(p, float("inf")))
        if pair not in ranks:
            break
        joined, i = [], 0
        while i < len(ids):
            if i < len(ids) - 1 and (ids[i], ids[i + 1]) == pair:
                joined.append(ranks[pair])
                i += 2
            else:
                joined.append(ids[i])
                i += 1
        ids = joined
    return ids
