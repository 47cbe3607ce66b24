"""Byte-pair encoding, training: learn from one text which neighbours to merge, and in what order.

Not here: cutting the text into words first, encoding another text with the merges, and speed.
"""

from collections import Counter
from itertools import pairwise


def merge(tokens: list[bytes], pair: tuple[bytes, bytes]) -> list[bytes]:
    """Join every occurrence of one pair of neighbouring tokens.

    Reading from the left, each token a that is followed by b becomes the one token a + b,
    for ``pair`` = (a, b); a token is used once, so of ``aaa`` the first two are joined.

    Args:
        tokens: any number of byte strings, none of them empty; also an empty list.
        pair: the two tokens to join, the left one first.

    Returns:
        A new list of byte strings; ``tokens`` stays as it was.

    >>> merge([b"a", b"a", b"a", b"b"], (b"a", b"a"))
    [b'aa', b'a', b'b']
    """
    merged: list[bytes] = []
    position = 0
    while position < len(tokens):
        if tuple(tokens[position : position + 2]) == pair:
            merged.append(pair[0] + pair[1])
            position += 2  # both are used up: the next pair begins behind them
        else:
            merged.append(tokens[position])
            position += 1
    return merged


def bpe_train(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Learn the merges of a byte-level tokenizer from one text, most frequent pair first.

    At first each byte of the text in UTF-8 is a token, and the vocabulary is the 256 single
    bytes. Then again and again, until the vocabulary has ``vocab_size`` tokens,

        (a, b) = the most frequent pair of neighbouring tokens
        every a followed by b becomes the token a + b, as in ``merge``
        a + b joins the vocabulary

    Counts are of the text as it stands after the merges before, so that merged tokens are
    merged again. The count of (a, b) is the number of positions with a there and b next;
    ``aaa`` holds (a, a) twice. Among pairs that are equally frequent, the greatest
    as Python compares tuples of bytes is merged. A pair that occurs once is merged as well;
    training ends early only when fewer than two tokens are left. Spaces and line ends are
    bytes like any other: pairs reach across words.

    Args:
        text: any text, also an empty one.
        vocab_size: at least 256, else ``ValueError``.

    Returns:
        The merged pairs in order of merging, ``vocab_size - 256`` of them or fewer.

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
        # The pair itself is the second key, so that a tie has one answer on every machine.
        best = max(counts, key=lambda pair: (counts[pair], pair))
        tokens = merge(tokens, best)
        merges.append(best)
    return merges
