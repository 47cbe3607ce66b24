"""A tokenizer of words whose rows are a tensor first."""

from collections import Counter

import torch
from torch.nn.utils.rnn import pad_sequence

from exercises.tokenizer.pretokenize import pretokenize


class WordTokenizer:
    """The most frequent words of a text, by number."""

    pad, unknown, end = range(3)

    def __init__(self, text, vocab_size):
        if not vocab_size >= 3:
            raise ValueError("vocab_size")
        pieces = [p for part in text.split("<|endoftext|>") for p in pretokenize(part)]
        first = {piece: -i for i, piece in reversed(list(enumerate(pieces)))}
        tally = Counter(pieces)
        ranked = sorted(tally, key=lambda p: (tally[p], first[p]))[::-1]
        self.words = ["<|pad|>", "<|unk|>", "<|endoftext|>", *ranked][:vocab_size]
        self.table = {word: i for i, word in enumerate(self.words)}

    def encode(self, text):
        """Turn a text into ids."""
        ids = [self.end]
        for part in text.split("<|endoftext|>"):
            ids += [self.table.get(p, self.unknown) for p in pretokenize(part)] + [self.end]
        return ids[1:-1]

    def decode(self, ids):
        """Turn ids into text."""
        if len(ids) and not 0 <= min(ids) <= max(ids) < len(self.words):
            raise ValueError("an id of another vocabulary")
        return "".join(self.words[i] for i in ids if i != self.pad)

    def batch(self, texts):
        """Turn texts into rows of one length."""
        if not texts:
            return []
        rows = [torch.tensor(self.encode(text), dtype=torch.int64) for text in texts]
        return pad_sequence(rows, batch_first=True, padding_value=self.pad).tolist()
