"""Byte-pair encoding, use: cut any text into the tokens that training has found.

Not here: training, cutting the text into words first, and speed.
"""

from exercises.tokenizer.bpe_train import merge


def bpe_encode(text: str, merges: list[tuple[bytes, bytes]]) -> list[int]:
    """Turn a text into the ids of a trained byte-level vocabulary.

    At first each byte of the text in UTF-8 is a token. Then

        for each (a, b) in merges, in their order:
            every a followed by b becomes the token a + b, as in ``merge``

    and nothing else is joined. So where two merges could take the same token, the earlier one
    does, even if the later one, or both together, would make a longer token. Two tokens are
    joined by their own pair only: after ``bc`` is made, ``a bc`` stays two tokens unless
    (a, bc) is a merge, whatever other pair makes ``abc``. A merge that finds nothing is passed
    over. Spaces and line ends are bytes like any other.

    The id of a single byte is its value, 0 to 255. The id of a + b for (a, b) = merges[i] is
    256 + i.

    Args:
        text: any text, also an empty one.
        merges: pairs of byte strings in order of training, as ``bpe_train`` gives them, also
            none; each part is a single byte or was joined by an earlier pair, and no two pairs
            join to the same bytes. The list stays as it was.

    Returns:
        A new list of ids.

    >>> bpe_encode("slowlow", [(b"l", b"o"), (b"lo", b"w")])
    [115, 257, 257]

    Not to be used: a tokenizer library. Source: Sennrich et al., 2016, section 3.2.
    """
    raise NotImplementedError("write bpe_encode (about 6 lines)")
