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
    raise NotImplementedError("write merge (about 10 lines)")


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
    raise NotImplementedError("write bpe_train (about 10 lines)")
