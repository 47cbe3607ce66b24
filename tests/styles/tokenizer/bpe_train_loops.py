"""Byte-pair encoding with indices and plain dictionaries."""


def merge(tokens, pair):
    """Join every occurrence of the pair, reading from the left."""
    joined = []
    i = 0
    while i < len(tokens):
        if i + 1 < len(tokens) and tokens[i] == pair[0] and tokens[i + 1] == pair[1]:
            joined.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            joined.append(tokens[i])
            i += 1
    return joined


def bpe_train(text, vocab_size):
    """Learn the merges, most frequent pair first."""
    if vocab_size < 256:
        raise ValueError("the vocabulary holds all 256 bytes")
    tokens = [bytes((byte,)) for byte in text.encode()]
    merges = []
    for _ in range(vocab_size - 256):
        counts = {}
        for i in range(len(tokens) - 1):
            pair = tokens[i], tokens[i + 1]
            counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            break
        best = max(counts, key=lambda pair: (counts[pair], pair))
        tokens = merge(tokens, best)
        merges.append(best)
    return merges
