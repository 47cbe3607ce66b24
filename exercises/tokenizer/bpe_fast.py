"""Byte-pair encoding, training in seconds: count once, then mend the counts where a merge was made.

Not here: another answer than that of ``bpe_train``, and cutting the text into words.
"""

import heapq
from collections import Counter
from itertools import pairwise


def bpe_fast(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Learn the merges that ``bpe_train`` learns, in a small part of its time.

    For every text and every size

        bpe_fast(text, vocab_size) == bpe_train(text, vocab_size)

    So the tokens are at first the bytes of the text in UTF-8; the pair at the most positions
    is merged, in a run as well (``aaa`` holds (a, a) twice, and becomes ``aa a``); of equally
    frequent pairs it is the greatest, as Python compares tuples of bytes; pairs reach across
    words; a pair that occurs once is merged as well; and training ends early only when fewer
    than two tokens are left.

    On a text of 8,000 letters and 150 merges the call takes at most three times as long as
    the reference, the two measured in turn. To count the whole text for every merge takes five
    times as long and more.

    Args:
        text: any text, also an empty one.
        vocab_size: from 256 to 1,000,000; below 256 is a ``ValueError``.

    Returns:
        The merged pairs in order of merging, ``vocab_size - 256`` of them or fewer.

    >>> bpe_fast("lolowlowlow", 256 + 2)
    [(b'l', b'o'), (b'lo', b'w')]

    Not to be used: a tokenizer library. Source: Sennrich et al., 2016, section 3.2, and
    ``learn_bpe.py`` of their code, which keeps its counts from merge to merge.
    """
    raise NotImplementedError("write bpe_fast (about 30 lines)")
