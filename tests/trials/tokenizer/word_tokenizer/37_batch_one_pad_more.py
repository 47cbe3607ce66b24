# wrong: every row, also the longest, gets one PAD at its end | violates: followed by PAD up to the length of the longest row
"""A tokenizer of whole words: ids for the most frequent words, and one id for all others.

Not here: pieces of words, with which no word is unknown.
"""

from collections import Counter

from exercises.tokenizer.pretokenize import pretokenize

PAD, UNK, END = "<|pad|>", "<|unk|>", "<|endoftext|>"


class WordTokenizer:
    """Build a vocabulary of the most frequent words of a text, and encode and decode with it."""

    def __init__(self, text: str, vocab_size: int) -> None:
        """Build the vocabulary."""
        if vocab_size < 3:
            raise ValueError("vocab_size must be at least 3")
        counts = Counter(word for part in text.split(END) for word in pretokenize(part))
        frequent = [word for word, _ in counts.most_common(vocab_size - 3)]
        self.words = [PAD, UNK, END] + frequent
        self._ids = {word: i for i, word in enumerate(frequent, 3)}

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        ids = []
        for number, part in enumerate(text.split(END)):
            if number > 0:
                ids.append(2)
            ids.extend(self._ids.get(word, 1) for word in pretokenize(part))
        return ids

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids."""
        if any(not 0 <= i < len(self.words) for i in ids):
            raise ValueError("an id is not in the vocabulary")
        return "".join(self.words[i] for i in ids if i != 0)

    def batch(self, texts: list[str]) -> list[list[int]]:
        """Return the ids of several texts as rows of equal length."""
        rows = [self.encode(text) for text in texts]
        longest = max((len(row) for row in rows), default=0)
        return [row + [0] * (longest + 1 - len(row)) for row in rows]
