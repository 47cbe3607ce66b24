"""GPT-2's tokenizer: its real vocabulary, and the ids that the model was trained on.

Not here: training a vocabulary.
"""

import base64
import math
import re
from itertools import pairwise

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """Return the rank of each token in a vocabulary file.

    Each line has a token and its rank: the token's bytes in base64, one space, and the rank as
    a decimal number. Ranks need not be in order, and there may be gaps. Lines end with ``\\n``,
    which may be missing after the last one. Empty lines, of no characters, are ignored.

    Args:
        text: the content of the file, also an empty one.

    Returns:
        A new dict from each token to its rank, an int.

    >>> read_ranks("IQ== 0\\nIHRoZQ== 262\\n")
    {b'!': 0, b' the': 262}

    ``base64`` may be used.
    """
    raise NotImplementedError("write read_ranks (about 2 lines)")


class GPT2Tokenizer:
    """Encode text as ids of a trained vocabulary, and decode ids to text.

    The vocabulary has a rank for each token: the order in which training made the tokens. The
    rank is also the token's id. A single byte therefore has the id that the vocabulary gives it,
    which need not be its value: in GPT-2's, ``b"!"`` is 0 and ``b" "`` is 220.

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
        """Take the vocabulary.

        Args:
            ranks: the rank of each token, any int from 0 on. All 256 single bytes are in it, else
                ``ValueError``; each longer token is what the rule of ``encode_piece`` makes of
                its bytes, with joins of rising ranks, as after training. No two ranks are equal,
                and there may be gaps.
            special: the id of each special token by its text, which is not empty; any int from 0
                on that no other token has. None means that there are no special tokens. Neither
                dict is changed, here or by the caller later.
        """
        raise NotImplementedError("write GPT2Tokenizer.__init__ (about 9 lines)")

    def encode_piece(self, piece: str) -> list[int]:
        """Return the ids of one piece, without looking for special tokens and without cutting it.

        The tokens are at first the bytes of the piece in UTF-8. While there are neighbours a, b
        whose join a + b has a rank,

            the neighbours whose join has the lowest rank become a + b,

        and of several with this rank the leftmost.

        Args:
            piece: any text without surrogates, also an empty one.

        Returns:
            A new list with the rank of each token. Each call returns a list of its own.
        """
        raise NotImplementedError("write GPT2Tokenizer.encode_piece (about 9 lines)")

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text.

        Each special token in the text becomes its id. Of two that overlap the one that begins
        first is used, and of two that begin at the same position the longer one. Each part
        between them goes to ``pretokenize(part)`` by itself, which returns the list of its pieces
        (none for an empty text), and each piece to ``encode_piece``.

        The ids of a piece are computed once in a call, however often the piece is repeated;
        whether they are kept for later calls is left open. On 3,000 words, of which 30 are
        different, a call takes at most three times as long as the reference solution, measured
        alternately.

        Args:
            text: any text without surrogates, also an empty one.

        Returns:
            A new list of ids. Each call returns a list of its own.
        """
        raise NotImplementedError("write GPT2Tokenizer.encode (about 10 lines)")

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids.

        The bytes of all ids are joined first and decoded as UTF-8 afterwards; a special token's
        id stands for its text. Where the joined bytes are not valid UTF-8, the text has the
        replacement character U+FFFD, as often as in ``bytes.decode(errors="replace")``.

        Args:
            ids: list of ids of tokens and special tokens, also an empty one; any other int
                raises ``ValueError``.

        Returns:
            The text. ``decode(encode(text)) == text`` for every text without surrogates.
        """
        raise NotImplementedError("write GPT2Tokenizer.decode (about 4 lines)")
