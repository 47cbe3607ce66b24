"""A tokenizer of words whose list is computed from two dictionaries."""

import heapq
from itertools import chain, count, zip_longest

from exercises.tokenizer.pretokenize import pretokenize

NAMES = {0: "", 1: "<|unk|>", 2: "<|endoftext|>"}


class WordTokenizer:
    """The most frequent words of a text, by number."""

    def __init__(self, text, vocab_size):
        free = vocab_size - len(NAMES)
        if free < 0:
            raise ValueError("no room for the special tokens")
        tally, seen = {}, count()
        for word in chain.from_iterable(map(pretokenize, text.split(NAMES[2]))):
            tally.setdefault(word, [0, next(seen)])[0] -= 1
        best = heapq.nsmallest(free, tally, key=tally.get)
        self.number_of = dict(zip(best, count(3)))
        self.word_of = NAMES | {number: word for word, number in self.number_of.items()}

    @property
    def words(self):
        """The text of each id, in order."""
        return ["<|pad|>", *list(self.word_of.values())[1:]]

    def encode(self, text):
        """Turn a text into ids."""
        head, *tail = (
            [self.number_of.get(w, 1) for w in pretokenize(p)] for p in text.split(NAMES[2])
        )
        return head + [i for part in tail for i in [2, *part]]

    def decode(self, ids):
        """Turn ids into text."""
        try:
            return "".join(self.word_of[i] for i in ids)
        except KeyError as error:
            raise ValueError(f"{error} is no id") from None

    def batch(self, texts):
        """Turn texts into rows of one length."""
        columns = zip_longest(*map(self.encode, texts), fillvalue=0)
        rows = [list(row) for row in zip(*columns, strict=True)]
        return rows or [[] for _ in texts]
