"""Byte-pair encoding, fast training: count once, then update the counts where a merge is made.

Not here: another result than that of ``bpe_train``, and cutting the text into words.
"""

import heapq
from collections import Counter, defaultdict
from itertools import pairwise


def bpe_fast(text: str, vocab_size: int) -> list[tuple[bytes, bytes]]:
    """Return the merges that ``bpe_train`` learns, in a small fraction of its time.

    For every text and every vocabulary size up to 2,048

        bpe_fast(text, vocab_size) == bpe_train(text, vocab_size)

    So the tokens are at first the bytes of the text in UTF-8; the pair with the most positions
    is merged, also in a run (``aaa`` contains (a, a) twice, and becomes ``aa a``); of equally
    frequent pairs the greatest is merged, as Python compares tuples of bytes; pairs reach
    across words; a pair that occurs once is merged too; and training ends early only when fewer
    than two tokens are left.

    With 150 merges on 8,000 characters, words drawn from a list of 100 with a space between, a
    call takes at most three times as long as the reference solution, measured alternately. There
    ``bpe_train`` takes more than ten times as long, so a fifth of its time is enough.

    Args:
        text: any text without surrogates, also an empty one.
        vocab_size: from 256 to 2,048; below 256 raises ``ValueError``, whatever the text.

    Returns:
        A new list of the merged pairs in order of merging, ``vocab_size - 256`` of them or fewer.
        Each call returns a list of its own.

    >>> bpe_fast("lolowlowlow", 256 + 2)
    [(b'l', b'o'), (b'lo', b'w')]

    Not to be used: a tokenizer library. Source: Sennrich et al., 2016, section 3.2, and
    ``learn_bpe.py`` of their code, which keeps its counts from merge to merge.
    """
    raise NotImplementedError("write bpe_fast (about 51 lines)")
