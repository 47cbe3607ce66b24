"""Byte-pair encoding by recursion and a sort, with tuples for lists."""

import itertools


def merge(tokens, pair):
    """Join every occurrence of the pair, reading from the left."""
    stream, joined = list(reversed(tokens)), []
    while stream:
        token = stream.pop()
        if stream and (token, stream[-1]) == (pair[0], pair[1]):
            token += stream.pop()
        joined.append(token)
    return joined


def bpe_train(text, vocab_size):
    """Learn the merges, most frequent pair first."""
    if not vocab_size >= 256:
        raise ValueError(vocab_size)
    tokens, merges = [text.encode("utf-8")[i : i + 1] for i in range(len(text.encode()))], []
    while 256 + len(merges) < vocab_size and len(tokens) >= 2:
        pairs = sorted(itertools.pairwise(tokens))
        runs = [(len(list(run)), pair) for pair, run in itertools.groupby(pairs)]
        merges.append(sorted(runs)[-1][1])
        tokens = merge(tokens, merges[-1])
    return merges
