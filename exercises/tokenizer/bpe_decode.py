"""Byte-pair encoding, decoding: turn ids back into text.

Not here: finding special tokens in a text.
"""


def bpe_decode(
    ids: list[int], merges: list[tuple[bytes, bytes]], special: dict[str, int] | None = None
) -> str:
    """Return the text of ids of a trained byte-level vocabulary.

    Each id stands for bytes:

        0 to 255                 the single byte of that value
        256 + i                  a + b, for (a, b) = merges[i]
        the id of a special s    s in UTF-8

    The bytes of all ids are joined first and decoded as UTF-8 afterwards, because a character
    can consist of several tokens. Where the joined bytes are not valid UTF-8, the text has the
    replacement character U+FFFD, as often as in ``bytes.decode(errors="replace")``: a model may
    stop in the middle of a character. Valid characters are not changed or dropped, also not U+FEFF
    at the beginning.

    Args:
        ids: list of ids of the vocabulary, also an empty one; any other int, also a negative
            one, raises ``ValueError``.
        merges: list of the pairs of byte strings that were merged, in order of training, as
            ``bpe_train`` returns them, also an empty one.
        special: the id of each special token by its text, such as {"<|endoftext|>": 50256};
            the texts have no surrogates and are not empty; the ids are all different and above
            those of the merges, in any order, and there may be gaps. None means that there are
            no special tokens.

    Returns:
        The text. The arguments are not changed.

    >>> bpe_decode([115, 257, 258], [(b"l", b"o"), (b"lo", b"w")], {"<|endoftext|>": 258})
    'slow<|endoftext|>'

    Not to be used: a tokenizer library. Source: Radford et al., 2019, section 2.2.
    """
    raise NotImplementedError("write bpe_decode (about 7 lines)")
