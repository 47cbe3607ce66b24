# right: helper functions, a generator with an iterator, a set as the vocabulary
"""Byte-pair encoding, training: learn from a text which tokens to merge, and in what order.

Not here: cutting the text into words first, encoding another text with the merges, and speed.
"""

from collections import Counter
from itertools import pairwise


def _joined(tokens, pair):
    stream = iter(tokens)
    held = next(stream, None)
    while held is not None:
        following = next(stream, None)
        if (held, following) == pair:
            yield held + following
            held = next(stream, None)
        else:
            yield held
            held = following


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    """Return the tokens with every occurrence of one pair joined."""
    return list(_joined(tokens, pair))


def _most_frequent(tokens):
    ranked = [(count, pair) for pair, count in Counter(pairwise(tokens)).items()]
    return max(ranked)[1]


def bpe_train(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Return the merges of a byte-level tokenizer, learned from one text."""
    vocabulary = {bytes([value]) for value in range(256)}
    if vocab_size < len(vocabulary):
        raise ValueError("the 256 single bytes do not fit into the vocabulary")
    tokens = list(map(bytes, zip(text.encode("utf-8"))))
    merges = []
    while len(vocabulary) < vocab_size and len(tokens) > 1:
        pair = _most_frequent(tokens)
        vocabulary.add(pair[0] + pair[1])
        tokens = merge(tokens, pair)
        merges.append(pair)
    return merges
