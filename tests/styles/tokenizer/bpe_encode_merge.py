"""Encoding with the merge of the exercise before, only for merges that are there."""

from itertools import pairwise

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text, merges):
    """Turn a text into ids."""
    tokens = [byte.to_bytes(1, "big") for byte in text.encode("utf-8")]
    place = {pair: i for i, pair in enumerate(merges)}
    while candidates := place.keys() & set(pairwise(tokens)):
        tokens = merge(tokens, min(candidates, key=place.__getitem__))
    vocabulary = [bytes([i]) for i in range(256)] + [a + b for a, b in merges]
    return list(map(vocabulary.index, tokens))
