# right: an output list used as a stack, a for loop with break, ties by list of candidates
"""Byte-pair encoding, training: learn from a text which tokens to merge, and in what order.

Not here: cutting the text into words first, encoding another text with the merges, and speed.
"""

from collections import defaultdict


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    """Return the tokens with every occurrence of one pair joined."""
    first, second = pair
    out: list[bytes] = []
    for token in tokens:
        # A joined token is longer than first, so it can never match here again.
        if out and out[-1] == first and token == second:
            out[-1] = first + second
        else:
            out.append(token)
    return out


def bpe_train(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Return the merges of a byte-level tokenizer, learned from one text."""
    n_merges = vocab_size - 256
    if n_merges < 0:
        raise ValueError(f"vocab_size is {vocab_size}, but there are 256 single bytes")
    data = text.encode()
    tokens = [data[i : i + 1] for i in range(len(data))]
    learned: list[tuple[bytes, bytes]] = []
    for _ in range(n_merges):
        if len(tokens) < 2:
            break
        freq: dict[tuple[bytes, bytes], int] = defaultdict(int)
        for left, right in zip(tokens[:-1], tokens[1:]):
            freq[left, right] += 1
        top = max(freq.values())
        winner = sorted(pair for pair, n in freq.items() if n == top)[-1]
        learned.append(winner)
        tokens = merge(tokens, winner)
    return learned
