"""Byte-pair encoding, fast: a linked list, the places of each pair, and a heap."""

import heapq
from collections import defaultdict


class Entry:
    """A pair in the heap: more places first, then the greater pair."""

    __slots__ = ("count", "pair", "text")

    def __init__(self, count: int, text: tuple[bytes, bytes], pair: tuple[int, int]) -> None:
        self.count, self.text, self.pair = count, text, pair

    def __lt__(self, other: "Entry") -> bool:
        if self.count != other.count:
            return self.count > other.count
        return self.text > other.text


def bpe_fast(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """The merges of bpe_train."""
    if vocab_size < 256:
        raise ValueError("too small")
    ids = list(text.encode("utf-8"))
    end = len(ids)
    before, behind = list(range(-1, end - 1)), list(range(1, end + 1))
    vocab = [bytes([i]) for i in range(256)]
    places: dict[tuple[int, int], set[int]] = defaultdict(set)
    for i in range(end - 1):
        places[ids[i], ids[i + 1]].add(i)

    def entry(pair: tuple[int, int]) -> Entry:
        return Entry(len(places[pair]), (vocab[pair[0]], vocab[pair[1]]), pair)

    heap = [entry(pair) for pair in places]
    heapq.heapify(heap)
    merges: list[tuple[bytes, bytes]] = []
    while heap and len(vocab) < vocab_size:
        top = heapq.heappop(heap)
        here = places[top.pair]
        if not here:
            continue
        if len(here) != top.count:
            heapq.heappush(heap, entry(top.pair))
            continue
        a, b = top.pair
        new = len(vocab)
        vocab.append(vocab[a] + vocab[b])
        merges.append((vocab[a], vocab[b]))
        touched = set()
        for i in sorted(here):
            if i not in here:
                continue  # the one before took its first token
            j = behind[i]
            left, right = before[i], behind[j]
            if left >= 0:
                places[ids[left], a].discard(left)
                places[ids[left], new].add(left)
                touched.add((ids[left], new))
            if right < end:
                places[b, ids[right]].discard(j)
                places[new, ids[right]].add(i)
                touched.add((new, ids[right]))
                before[right] = i
            ids[i], behind[i] = new, right
        here.clear()
        for pair in touched:
            if places[pair]:
                heapq.heappush(heap, entry(pair))
    return merges
