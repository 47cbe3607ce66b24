# wrong: decode stops at the first PAD | violates: PAD is left out
"""A tokenizer of whole words: ids for the most frequent words, and one id for all others.

Not here: pieces of words, with which no word is unknown.
"""

from exercises.tokenizer.pretokenize import pretokenize

PAD, UNK, END = "<|pad|>", "<|unk|>", "<|endoftext|>"


class WordTokenizer:
    """Build a vocabulary of the most frequent words of a text, and encode and decode with it."""

    def __init__(self, text: str, vocab_size: int) -> None:
        """Build the vocabulary."""
        if vocab_size < 3:
            raise ValueError(f"vocab_size is {vocab_size}, but there are 3 special tokens")

        freq = {}
        for document in text.split(END):
            for w in pretokenize(document):
                if w not in freq:
                    freq[w] = 0
                freq[w] += 1

        ranking = sorted(freq, key=lambda w: -freq[w])
        self.words = [PAD, UNK, END]
        for w in ranking:
            if len(self.words) == vocab_size:
                break
            self.words.append(w)

        self.word_to_id = {}
        for i in range(3, len(self.words)):
            self.word_to_id[self.words[i]] = i

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        result = []
        documents = text.split(END)
        for d in range(len(documents)):
            for w in pretokenize(documents[d]):
                if w in self.word_to_id:
                    result.append(self.word_to_id[w])
                else:
                    result.append(1)
            if d < len(documents) - 1:
                result.append(2)
        return result

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids."""
        text = ""
        for i in ids:
            if i < 0 or i >= len(self.words):
                raise ValueError(f"id {i} is not in the vocabulary")
            if i == 0:
                break
            text += self.words[i]
        return text

    def batch(self, texts: list[str]) -> list[list[int]]:
        """Return the ids of several texts as rows of equal length."""
        rows = []
        width = 0
        for text in texts:
            row = self.encode(text)
            rows.append(row)
            if len(row) > width:
                width = len(row)
        for row in rows:
            while len(row) < width:
                row.append(0)
        return rows
