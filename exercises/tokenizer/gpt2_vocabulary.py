"""GPT-2's tokenizer: the real vocabulary, and the ids that the model was trained on.

Not here: training a vocabulary.
"""

import base64
import math
import re
from itertools import pairwise

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """Read a vocabulary file.

    Each line is a token and its rank: the token's bytes in base64, one space, and the rank as a
    decimal number. Ranks need not be in order, and there may be gaps. Empty lines are passed
    over.

    Args:
        text: what the file says.

    Returns:
        The rank of each token.

    >>> read_ranks("IQ== 0\\nIHRoZQ== 262\\n")
    {b'!': 0, b' the': 262}

    ``base64`` may be used.
    """
    raise NotImplementedError("write read_ranks (about 2 lines)")


class GPT2Tokenizer:
    """Turn text into the ids of a trained vocabulary, and ids into text.

    The vocabulary is a rank for each token, in the order in which training made the tokens. The
    rank is also the token's id, so that a single byte has the id that the vocabulary gives it,
    which need not be its value: of GPT-2, ``b"!"`` is 0 and ``b" "`` is 220.

    >>> ranks = {bytes([byte]): byte for byte in range(256)} | {b"lo": 256, b"low": 257}
    >>> tokenizer = GPT2Tokenizer(ranks, {"<|endoftext|>": 258})
    >>> tokenizer.encode("slow<|endoftext|>")
    [115, 257, 258]
    >>> tokenizer.decode([115, 257, 258])
    'slow<|endoftext|>'

    Not to be used: a tokenizer library. Source: Radford et al., 2019, section 2.2, and
    ``encoder.py`` of their code; the file of ranks is that of tiktoken.
    """

    def __init__(self, ranks: dict[bytes, int], special: dict[str, int] | None = None) -> None:
        """Take a vocabulary.

        Args:
            ranks: the rank of each token. All 256 single bytes are there, else ``ValueError``;
                each longer token is the join of two tokens of lower rank. No two are equal.
            special: the id of each special token by its text, none of them empty; the ids are
                those of no other token. None is none.
        """
        raise NotImplementedError("write GPT2Tokenizer.__init__ (about 9 lines)")

    def encode_piece(self, piece: str) -> list[int]:
        """Turn one piece into ids, as if it stood alone and were no special token.

        At first each byte of the piece in UTF-8 is a token. Then, as long as there are
        neighbours a, b whose join a + b has a rank,

            of all such neighbours those whose join has the lowest rank become a + b,

        of several that are equal the leftmost.

        Args:
            piece: any text, also an empty one.

        Returns:
            A new list with the rank of each token.
        """
        raise NotImplementedError("write GPT2Tokenizer.encode_piece (about 9 lines)")

    def encode(self, text: str) -> list[int]:
        """Turn text into ids.

        Each special token that stands in the text becomes its id; of two that begin at the same
        place the longer one counts. Each part between them goes to ``pretokenize`` by itself,
        and each of its pieces to ``encode_piece``.

        A piece that has come before is not worked out again: on 3,000 words of which 30 are
        different, the call takes at most three times as long as the reference, the two measured
        in turn.

        Args:
            text: any text, also an empty one.

        Returns:
            A new list of ids.
        """
        raise NotImplementedError("write GPT2Tokenizer.encode (about 10 lines)")

    def decode(self, ids: list[int]) -> str:
        """Turn ids into text.

        The bytes of all ids are joined first and read as UTF-8 then; a special id stands for
        its text. Where the joined bytes are no UTF-8, the text has U+FFFD, as many as
        ``bytes.decode(errors="replace")`` gives.

        Args:
            ids: ids of the vocabulary and special ids; any other number raises ``ValueError``.

        Returns:
            The text. For every text ``decode(encode(text))`` is that text.
        """
        raise NotImplementedError("write GPT2Tokenizer.decode (about 4 lines)")
