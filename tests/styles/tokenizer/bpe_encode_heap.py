"""Encoding with a heap of pairs and a linked row of tokens."""

from heapq import heappop, heappush


def bpe_encode(text, merges):
    """Turn a text into ids."""
    rank = {pair: i for i, pair in enumerate(merges)}
    row = [bytes([byte]) for byte in text.encode("utf-8")]
    right = [*range(1, len(row)), None] if row else []
    left = [None, *range(len(row) - 1)]
    heap = []

    def offer(i):
        if i is not None and right[i] is not None:
            pair = row[i], row[right[i]]
            if pair in rank:
                heappush(heap, (rank[pair], i, pair))

    for i in range(len(row)):
        offer(i)
    while heap:
        _, i, pair = heappop(heap)
        if row[i] is None or right[i] is None or (row[i], row[right[i]]) != pair:
            continue
        gone = right[i]
        row[i], row[gone] = pair[0] + pair[1], None
        right[i] = right[gone]
        if right[i] is not None:
            left[right[i]] = i
        offer(left[i])
        offer(i)
    ids = {a + b: 256 + i for i, (a, b) in enumerate(merges)}
    return [ids.get(token, token[0]) for token in row if token is not None]
