"""Hugging Face's tokenizers, with the parts that SmolLM2's tokenizer.json names."""

from tokenizers import Tokenizer, decoders
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence
from transformers.convert_slow_tokenizer import bytes_to_unicode

WHOLE = ByteLevel(add_prefix_space=False, use_regex=False)
CUT = Sequence([Digits(individual_digits=True), ByteLevel(add_prefix_space=False)])


def byte_letters():
    """Theirs, in the order of the bytes."""
    table = bytes_to_unicode()
    return [table[byte] for byte in range(256)]


def split_pieces(text):
    """Cut where theirs cuts."""
    return [text[start:end] for _, (start, end) in CUT.pre_tokenize_str(text)]


class SmolLMTokenizer:
    """Two tokenizers that differ in where they cut."""

    def __init__(self, tokens, merges):
        """Theirs leaves a byte without a token out, so bytes are looked for here."""
        vocabulary = {token: number for number, token in enumerate(tokens)}
        self.size, table = len(tokens), bytes_to_unicode()
        self.lacking = {byte for byte, letter in table.items() if letter not in vocabulary}
        self.piece, self.text = (
            Tokenizer(BPE(vocab=vocabulary, merges=[tuple(merge.split(" ")) for merge in merges]))
            for _ in range(2)
        )
        self.piece.pre_tokenizer, self.text.pre_tokenizer = WHOLE, CUT
        self.text.decoder = decoders.ByteLevel()

    def encode_piece(self, piece):
        """Theirs, in one piece."""
        return self._encode(self.piece, piece)

    def encode(self, text):
        """Theirs, cut at digits and by GPT-2's pattern."""
        return self._encode(self.text, text)

    def decode(self, ids):
        """Theirs, which leaves out unknown ids."""
        if any(not 0 <= i < self.size for i in ids):
            raise ValueError("no such id")
        return self.text.decode(ids, skip_special_tokens=False)

    def _encode(self, tokenizer, text):
        if self.lacking.intersection(text.encode("utf-8")):
            raise ValueError("a byte without a token")
        return tokenizer.encode(text).ids
