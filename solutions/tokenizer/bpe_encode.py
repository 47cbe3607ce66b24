"""Byte-pair encoding, use: encode any text with the merges that training found.

Not here: training, cutting the text into words first, and speed.
"""

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Return the ids of a text in a trained byte-level vocabulary.

    The tokens are at first the bytes of the text in UTF-8. Then

        for each (a, b) in merges, in their order:
            every a followed by b becomes the token a + b, as in ``merge``

    and nothing else is joined. So where two merges could use the same token, the earlier one
    does, even if the later one would make a longer token. Two tokens are joined only if they
    are themselves a merge: after ``bc`` is made, ``a bc`` stays two tokens unless (a, bc) is a
    merge, even if another pair makes ``abc``. A merge that occurs nowhere changes nothing.
    Spaces and line ends are bytes like any other, and no character is changed or dropped.

    The id of a single byte is its value, 0 to 255. The id of a + b for (a, b) = merges[i] is
    256 + i.

    Args:
        text: any text without surrogates, also an empty one.
        merges: list of pairs of byte strings in order of training, as ``bpe_train`` returns
            them, also an empty one, and at most 50,000 of them; each part is a single byte or was
            joined by an earlier pair, and no two pairs join to the same bytes. The list is not
            changed.

    Returns:
        A new list of ids.

    >>> bpe_encode("slowlow", [(b"l", b"o"), (b"lo", b"w")])
    [115, 257, 257]

    Not to be used: a tokenizer library. Source: Sennrich et al., 2016, section 3.2.
    """
    tokens = [bytes([byte]) for byte in text.encode("utf-8")]
    # A merge can only join what the merges before it have left, as it was in training.
    for pair in merges:
        tokens = merge(tokens, pair)
    ids = {bytes([byte]): byte for byte in range(256)}
    ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
    return [ids[token] for token in tokens]
