"""Byte-pair encoding, back again: ids become text.

Not here: finding special tokens in a text.
"""


def bpe_decode(
    ids: list[int], merges: list[tuple[bytes, bytes]], special: dict[str, int] | None = None
) -> str:
    """Turn the ids of a trained byte-level vocabulary back into text.

    Each id stands for bytes:

        0 to 255                 the single byte of that value
        256 + i                  a + b, for (a, b) = merges[i]
        the id of a special s    s in UTF-8

    The bytes of all ids are joined first and read as UTF-8 then, for a character may be spelled
    by several tokens. Where the joined bytes are no UTF-8, the text has U+FFFD, as many as
    ``bytes.decode(errors="replace")`` gives: a model may stop in the middle of a character.

    Args:
        ids: ids of the vocabulary, also none; any other number, also a negative one, raises
            ``ValueError``.
        merges: the pairs of byte strings that the tokens were joined from, in order of
            training, as ``bpe_train`` gives them, also none.
        special: the id of each special token by its text, such as {"<|endoftext|>": 50256};
            these ids lie above those of the merges, and there may be gaps. None is none.

    Returns:
        The text. The arguments stay as they were.

    >>> bpe_decode([115, 257, 258], [(b"l", b"o"), (b"lo", b"w")], {"<|endoftext|>": 258})
    'slow<|endoftext|>'

    Not to be used: a tokenizer library. Source: Radford et al., 2019, section 2.2.
    """
    pieces = {byte: bytes([byte]) for byte in range(256)}
    pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
    pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
    for i in ids:
        if i not in pieces:
            raise ValueError(f"{i} is no id of this vocabulary of {len(pieces)}")
    # One byte too few breaks a character, so no token is read by itself.
    return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")
