"""The merges one after another, as bpe_encode has them, on a string with separators."""

import re

import regex

from exercises.tokenizer.pretokenize import pretokenize


def byte_letters():
    """GPT-2's own way: two lists that grow together."""
    own = list(range(ord("!"), ord("~") + 1))
    own += list(range(ord("¡"), ord("¬") + 1)) + list(range(ord("®"), ord("ÿ") + 1))
    codes, n = own[:], 0
    for byte in range(2**8):
        if byte not in own:
            own.append(byte)
            codes.append(2**8 + n)
            n += 1
    table = dict(zip(own, map(chr, codes), strict=True))
    return [table[byte] for byte in range(256)]


def split_pieces(text):
    """Numbers, or runs of anything else."""
    found = regex.findall(r"\p{N}|\P{N}+", text)
    return [piece for run in found for piece in pretokenize(run)]


class SmolLMTokenizer:
    """Applies the merges whose parts occur, in order."""

    def __init__(self, tokens, merges):
        self.tokens, self.merges = tokens, [tuple(merge.split(" ")) for merge in merges]
        self.ids = {token: number for number, token in enumerate(tokens)}
        letters = byte_letters()
        self.spell = dict(enumerate(letters))
        self.read = {letter: byte for byte, letter in enumerate(letters)}

    def encode_piece(self, piece):
        """Each merge from the left, over a text in which a space stands between tokens."""
        spelled = " ".join(self.spell[byte] for byte in piece.encode())
        for a, b in self.merges:
            if a in spelled and b in spelled:
                pattern = rf"(?<!\S){re.escape(a)} {re.escape(b)}(?!\S)"
                spelled = re.sub(pattern, lambda _, joined=a + b: joined, spelled)
        try:
            return [self.ids[part] for part in spelled.split(" ") if part]
        except KeyError as error:
            raise ValueError(f"no token {error}") from None

    def encode(self, text):
        """Piece by piece."""
        ids = []
        for piece in split_pieces(text):
            ids += self.encode_piece(piece)
        return ids

    def decode(self, ids):
        """Through a bytearray."""
        given = bytearray()
        for i in ids:
            if i not in range(len(self.tokens)):
                raise ValueError(i)
            given.extend(self.read[letter] for letter in self.tokens[i])
        return given.decode(errors="replace")
