"""Byte-pair encoding, fast: an array of tokens, and changes counted whole arrays at a time."""

import heapq

import numpy as np


def bpe_fast(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """The merges of bpe_train."""
    if vocab_size < 256:
        raise ValueError("vocab_size")
    row = np.frombuffer(text.encode("utf-8"), dtype=np.uint8).astype(np.int64)
    vocab = [bytes([i]) for i in range(256)]
    keys = [(-i, 1) for i in range(256)]
    counts: dict[int, int] = {}
    heap: list = []

    def change(codes: np.ndarray, by: int) -> list[int]:
        found, numbers = np.unique(codes, return_counts=True)
        for code, number in zip(found.tolist(), numbers.tolist(), strict=True):
            counts[code] = counts.get(code, 0) + by * number
        return found.tolist()

    def push(codes: list[int]) -> None:
        for code in codes:
            a, b = divmod(code, vocab_size)
            heapq.heappush(heap, (-counts[code], keys[a], keys[b], code))

    push(change(row[:-1] * vocab_size + row[1:], 1))
    merges = []
    while len(vocab) < vocab_size and len(row) > 1:
        while -heap[0][0] != counts[heap[0][3]]:
            push([heapq.heappop(heap)[3]])
        code = heapq.heappop(heap)[3]
        a, b = divmod(code, vocab_size)
        merges.append((vocab[a], vocab[b]))
        new = len(vocab)
        vocab.append(vocab[a] + vocab[b])
        keys.append(keys[a][:-1] + keys[b])
        codes = row[:-1] * vocab_size + row[1:]
        places = np.flatnonzero(codes == code)
        if a == b:  # of a run, every other place
            starts = np.maximum.accumulate(
                np.where(np.diff(places, prepend=-2) > 1, np.arange(len(places)), 0)
            )
            places = places[(np.arange(len(places)) - starts) % 2 == 0]
        touched = np.unique(np.concatenate([places - 1, places, places + 1]))
        touched = touched[(touched >= 0) & (touched < len(codes))]
        change(codes[touched], -1)
        row[places] = new
        keep = np.ones(len(row), dtype=bool)
        keep[places + 1] = False
        row = row[keep]
        places = places - np.arange(len(places))
        touched = np.unique(np.concatenate([places - 1, places]))
        touched = touched[(touched >= 0) & (touched < len(row) - 1)]
        push(change(row[touched] * vocab_size + row[touched + 1], 1))
    return merges
