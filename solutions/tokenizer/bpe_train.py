"""Byte-pair encoding, training: learn from a text which tokens to merge, and in what order.

Not here: cutting the text into words first, encoding another text with the merges, and speed.
"""

from collections import Counter
from itertools import pairwise


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    """Return the tokens with every occurrence of one pair joined.

    For ``pair`` = (a, b), from left to right, each token a that is followed by b becomes the one
    token a + b. Each token is used once, so in ``aaa`` the first two are joined.

    Args:
        tokens: list of byte strings with any bytes, none of them empty; also an empty list.
        pair: the two tokens to join, the left one first.

    Returns:
        A new list of byte strings, also if nothing is joined; ``tokens`` is not changed.

    >>> merge([b"a", b"a", b"a", b"b"], (b"a", b"a"))
    [b'aa', b'a', b'b']
    """
    merged: list[bytes] = []
    position = 0
    while position < len(tokens):
        if tuple(tokens[position : position + 2]) == pair:
            merged.append(pair[0] + pair[1])
            position += 2  # both are used: the next pair begins after them
        else:
            merged.append(tokens[position])
            position += 1
    return merged


def bpe_train(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Return the merges of a byte-level tokenizer, learned from one text.

    The tokens are at first the bytes of the text in UTF-8, and the vocabulary is the 256 single
    bytes. Repeat until the vocabulary has ``vocab_size`` tokens:

        (a, b) = the most frequent pair of neighbouring tokens
        every a followed by b becomes the token a + b, as in ``merge``
        a + b is added to the vocabulary

    Each count is of the tokens after all merges so far, so that merged tokens can be merged
    again. The count of (a, b) is the number of positions with a there and b next; ``aaa``
    contains (a, a) twice. Of equally frequent pairs the greatest is merged, as Python compares
    tuples of bytes. A pair that occurs once is merged too; training ends early only when fewer
    than two tokens are left. Spaces and line ends are bytes like any other, so pairs reach
    across words.

    Args:
        text: any text without surrogates, also an empty one.
        vocab_size: at least 256, else ``ValueError``, whatever the text.

    Returns:
        A new list of the merged pairs in order of merging, ``vocab_size - 256`` of them or fewer.
        Each call returns a list of its own.

    >>> bpe_train("lolowlowlow", 256 + 2)
    [(b'l', b'o'), (b'lo', b'w')]

    Not to be used: a tokenizer library. Source: Sennrich et al., 2016, section 3.2; on bytes,
    Radford et al., 2019, section 2.2.
    """
    if vocab_size < 256:
        raise ValueError(f"vocab_size is {vocab_size}, but the single bytes alone are 256 tokens")
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    merges: list[tuple[bytes, bytes]] = []
    while len(merges) < vocab_size - 256 and len(tokens) > 1:
        counts = Counter(pairwise(tokens))
        # The pair itself is the second key, so that a tie has one winner on every machine.
        best = max(counts, key=lambda pair: (counts[pair], pair))
        tokens = merge(tokens, best)
        merges.append(best)
    return merges
