"""Decoding with a dictionary that refuses, and a decoder that is fed token by token."""

import codecs


class Vocabulary(dict):
    """Bytes by id; an unknown id is refused."""

    def __missing__(self, i):
        raise ValueError(f"{i} is no id")


def bpe_decode(ids, merges, special=None):
    """Turn ids back into text."""
    vocabulary = Vocabulary((byte, bytes((byte,))) for byte in range(256))
    for pair in merges:
        vocabulary[len(vocabulary)] = b"".join(pair)
    vocabulary.update((i, bytes(name, "utf-8")) for name, i in dict(special or {}).items())
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return "".join(decoder.decode(vocabulary[i]) for i in ids) + decoder.decode(b"", final=True)
