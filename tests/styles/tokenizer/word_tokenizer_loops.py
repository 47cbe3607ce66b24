"""A tokenizer of words with plain loops and dictionaries."""

from exercises.tokenizer.pretokenize import pretokenize


class WordTokenizer:
    """The most frequent words of a text, by number."""

    def __init__(self, text, vocab_size):
        if vocab_size < 3:
            raise ValueError("too small")
        counts = {}
        for part in text.split("<|endoftext|>"):
            for piece in pretokenize(part):
                counts[piece] = counts.get(piece, 0) + 1
        order = sorted(counts, key=counts.get, reverse=True)
        self.words = ["<|pad|>", "<|unk|>", "<|endoftext|>"]
        for word in order:
            if len(self.words) < vocab_size:
                self.words.append(word)

    def encode(self, text):
        """Turn a text into ids."""
        ids = []
        rest = text
        while True:
            before, mark, rest = rest.partition("<|endoftext|>")
            for piece in pretokenize(before):
                ids.append(self.words.index(piece, 3) if piece in self.words[3:] else 1)
            if not mark:
                return ids
            ids.append(2)

    def decode(self, ids):
        """Turn ids into text."""
        text = ""
        for i in ids:
            if i < 0 or i >= len(self.words):
                raise ValueError(i)
            if i:
                text += self.words[i]
        return text

    def batch(self, texts):
        """Turn texts into rows of one length."""
        rows = []
        for text in texts:
            rows.append(self.encode(text))
        width = 0
        for row in rows:
            width = max(width, len(row))
        for row in rows:
            while len(row) < width:
                row.append(0)
        return rows
