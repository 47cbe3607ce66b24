"""An encoding of tiktoken's."""

import tiktoken


def bpe_decode(ids, merges, special=None):
    """Theirs, with ValueError for its KeyError and its OverflowError."""
    words = [bytes([byte]) for byte in range(256)] + [a + b for a, b in merges]
    encoding = tiktoken.Encoding(
        "ours",
        pat_str=r"\S+|\s+",
        mergeable_ranks={word: i for i, word in enumerate(words)},
        special_tokens=special or {},
    )
    try:
        return encoding.decode(ids)
    except (KeyError, OverflowError) as error:
        raise ValueError("no such id") from error
