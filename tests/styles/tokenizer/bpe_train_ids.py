"""Byte-pair encoding on whole numbers, with the bytes of each looked up in a vocabulary."""

from collections import Counter
from itertools import pairwise


def merge(tokens, pair):
    """Join every occurrence of the pair, reading from the left."""
    out = []
    for token in tokens:
        if out and out[-1] is not None and (out[-1], token) == pair:
            out[-1:] = [pair[0] + pair[1], None]
        else:
            out.append(token)
    return [token for token in out if token is not None]


def _merge_ids(ids, left, right, new):
    out, waiting = [], None
    for number in ids:
        if waiting == left and number == right:
            out[-1] = new
            waiting = None
        else:
            out.append(number)
            waiting = number
    return out


def bpe_train(text, vocab_size):
    """Learn the merges, most frequent pair first."""
    if vocab_size < 256:
        raise ValueError(f"a vocabulary of {vocab_size} cannot hold 256 bytes")
    ids = list(text.encode("utf-8"))
    words = {number: bytes([number]) for number in range(256)}
    merges = []
    while len(merges) < vocab_size - 256 and len(ids) > 1:
        counts = Counter(pairwise(ids))
        _, pair, (left, right) = max(
            (count, (words[a], words[b]), (a, b)) for (a, b), count in counts.items()
        )
        new = 256 + len(merges)
        words[new] = pair[0] + pair[1]
        ids = _merge_ids(ids, left, right, new)
        merges.append(pair)
    return merges
