"""The BPE model of Hugging Face's tokenizers, with a letter for each byte."""

from tokenizers import Tokenizer
from tokenizers.models import BPE


def _letters(token):
    return "".join(chr(0x4E00 + byte) for byte in token)


def bpe_encode(text, merges):
    """Theirs, without any cutting beforehand."""
    words = [bytes([byte]) for byte in range(256)] + [a + b for a, b in merges]
    vocabulary = {_letters(word): i for i, word in enumerate(words)}
    model = BPE(vocab=vocabulary, merges=[(_letters(a), _letters(b)) for a, b in merges])
    return Tokenizer(model).encode(_letters(text.encode("utf-8"))).ids
