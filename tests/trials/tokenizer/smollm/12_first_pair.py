# wrong: joins the first pair that is a merge, whatever its rank | violates: the neighbours a, b whose merge has the lowest rank become a + b
"""SmolLM2's tokenizer: merges in the order of training, and each digit a token of its own.

Not here: special tokens. In this tokenizer every text is only text.
"""

import unicodedata
import math
from itertools import pairwise

import regex

from exercises.tokenizer.pretokenize import pretokenize


def byte_letters() -> list[str]:
    """Return the letter that stands for each byte in the tokens of a vocabulary.

    The tokens of a vocabulary file are text, but a token may be any bytes, such as half a
    character or a space. So each of the 256 bytes is written as one printable character, which is
    called its letter here:

        chr(byte)                                       for 33 to 126, 161 to 172 and 174 to 255
        chr(256), chr(257), ..., chr(323), in order     for the other 68 bytes, from 0 upwards

    Returns:
        A new list of 256 strings of one character each; entry ``byte`` is the letter of ``byte``.

    >>> letters = byte_letters()
    >>> letters[33], letters[0], letters[10], letters[32]
    ('!', 'Ā', 'Ċ', 'Ġ')

    Not to be used: a tokenizer library.
    """
    letters = []
    spare = 256
    for byte in range(256):
        if 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174:
            letters.append(chr(byte))
        else:
            letters.append(chr(spare))
            spare += 1
    return letters


def split_pieces(text: str) -> list[str]:
    """Cut a text into the pieces inside which bytes are joined.

    Each number character is a piece of its own: a character whose general category in Unicode
    begins with N, as ``0``, ``½`` or ``²``. Each part before, between and after them goes to
    ``pretokenize(part)`` by itself, which returns the list of its pieces (none for an empty
    text), as if the part were a whole text.

    Args:
        text: any text without surrogates, also an empty one.

    Returns:
        A new list of the pieces in order, none of them empty; joined they are the text.

    >>> split_pieces("In 2024,  7 of us")
    ['In', ' ', '2', '0', '2', '4', ',', '  ', '7', ' of', ' us']
    """
    pieces, begin = [], 0
    for end, character in enumerate(text):
        if unicodedata.category(character).startswith("N"):
            pieces.extend(pretokenize(text[begin:end]))
            pieces.append(character)
            begin = end + 1
    pieces.extend(pretokenize(text[begin:]))
    return pieces


class SmolLMTokenizer:
    """Encode text as ids of a vocabulary with a list of merges, and decode ids to text.

    A token is written in the letters of ``byte_letters``. Its id is its place in the list
    ``tokens``, which need not be in the order of training. That order is in ``merges``.

    >>> tokens = ["<|im_end|>", *byte_letters(), "lo", "Ġlo", "low"]
    >>> tokenizer = SmolLMTokenizer(tokens, ["l o", "Ġ lo"])
    >>> ids = tokenizer.encode("low low")
    >>> [tokens[i] for i in ids]
    ['lo', 'w', 'Ġlo', 'w']
    >>> tokenizer.decode(ids)
    'low low'

    Not to be used: a tokenizer library. Source: Allal et al., 2025, for the model; the form of
    the vocabulary is that of ``encoder.py`` in GPT-2's code (Radford et al., 2019).
    """

    def __init__(self, tokens: list[str], merges: list[str]) -> None:
        """Take the vocabulary.

        Args:
            tokens: the token of each id: one letter or more, no two equal, in any order. Some
                bytes may have no token, as 21 of the 256 in SmolLM2's vocabulary. There may be
                tokens that no merge makes, such as the control token ``<|im_end|>``.
            merges: in each entry two tokens of the list with one space between them, no two entries
                equal; joined they are a token of the list too. A part of more than one letter is
                what an earlier entry joins. The place of an entry is the merge's rank. Neither
                list is changed, here or by the caller later.
        """
        self.vocabulary = list(tokens)
        self.number = dict(zip(tokens, range(len(tokens)), strict=True))
        self.rank = dict(zip(merges, range(len(merges)), strict=True))
        self.letter = byte_letters()
        self.byte = {letter: byte for byte, letter in enumerate(self.letter)}

    def encode_piece(self, piece: str) -> list[int]:
        """Return the ids of one piece, without cutting it.

        The tokens are at first the letters of the bytes of the piece in UTF-8. While there are
        neighbours a, b for which ``merges`` has the entry "a b",

            the neighbours a, b whose merge has the lowest rank become a + b,

        and of several with this rank the leftmost. Only merges join: that a + b, or the whole
        piece, is in ``tokens`` does not count.

        Args:
            piece: any text without surrogates, also an empty one. A text with a byte whose letter
                is not in ``tokens`` raises ``ValueError``.

        Returns:
            A new list of the ids of the tokens. Each call returns a list of its own.
        """
        word = tuple(self.letter[byte] for byte in piece.encode())
        if not all(letter in self.number for letter in word):
            raise ValueError("a byte without a token")


        def join(word: tuple[str, ...]) -> tuple[str, ...]:
            best = None
            for i in range(len(word) - 1):
                rank = self.rank.get(word[i] + " " + word[i + 1])
                if rank is not None:
                    best = rank, i
                    break
            if best is None:
                return word
            i = best[1]
            return (*word[:i], word[i] + word[i + 1], *word[i + 2 :])


        joined = join(word)
        while joined != word:
            word, joined = joined, join(joined)
        return [self.number[token] for token in word]

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text: those of each piece of ``split_pieces``, in order.

        Nothing is put before the text, and the text of a control token is text like any other.

        Args:
            text: any text without surrogates, also an empty one; ``ValueError`` as for
                ``encode_piece``.

        Returns:
            A new list of ids. Each call returns a list of its own.
        """
        ids = []
        for piece in split_pieces(text):
            ids.extend(self.encode_piece(piece))
        return ids

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids.

        The bytes that the letters of all tokens stand for are joined first and decoded as UTF-8
        afterwards. Where they are not valid UTF-8, the text has the replacement character U+FFFD,
        as often as in ``bytes.decode(errors="replace")``.

        Args:
            ids: list of ids, also of control tokens, or an empty one; an int that is no id raises
                ``ValueError``.

        Returns:
            The text. ``decode(encode(text)) == text`` for every text that can be encoded.
        """
        data = bytearray()
        for number in ids:
            if number < 0 or number >= len(self.vocabulary):
                raise ValueError(f"{number} is no id")
            data += bytes(self.byte[letter] for letter in self.vocabulary[number])
        return data.decode("utf-8", "replace")
