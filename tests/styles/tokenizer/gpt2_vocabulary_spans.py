"""GPT-2's tokenizer: boundaries of tokens in one bytes object, as tiktoken keeps them."""

import base64
import re
from itertools import pairwise

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text):
    """The file as a dict."""
    pairs = [line.split(" ") for line in text.splitlines() if line]
    return dict((base64.standard_b64decode(a), int(b)) for a, b in pairs)  # noqa: C402


class GPT2Tokenizer:
    """Byte-pair encoding by ranks."""

    def __init__(self, ranks, special=None):
        """Everything that the methods need."""
        if sum(len(token) == 1 for token in ranks) < 256:
            raise ValueError("each byte needs a rank")
        self.mergeable_ranks = ranks
        self.special_tokens = {} if special is None else special
        self.decoder = {number: token for token, number in self.mergeable_ranks.items()}
        self.special_decoder = {number: text for text, number in self.special_tokens.items()}
        self.cache = {}

    def encode_piece(self, piece):
        """Take away the boundary between the two parts of the best join."""
        raw = piece.encode("utf8")
        cuts = list(range(len(raw) + 1))
        while True:
            best, where = None, None
            for k in range(len(cuts) - 2):
                rank = self.mergeable_ranks.get(raw[cuts[k] : cuts[k + 2]])
                if rank is not None and (best is None or rank < best):
                    best, where = rank, k + 1
            if where is None:
                break
            del cuts[where]
        return [self.mergeable_ranks[raw[i:j]] for i, j in pairwise(cuts)]

    def _ordinary(self, text):
        ids = []
        for piece in pretokenize(text):
            ids += self.cache.get(piece) or self.cache.setdefault(piece, self.encode_piece(piece))
        return ids

    def encode(self, text):
        """Special tokens by finditer, the text between them by pieces."""
        if not self.special_tokens:
            return self._ordinary(text)
        names = sorted(self.special_tokens, reverse=True)  # a longer one before its beginning
        ids, start = [], 0
        for match in re.finditer("|".join(re.escape(name) for name in names), text):
            ids += self._ordinary(text[start : match.start()])
            ids.append(self.special_tokens[match.group()])
            start = match.end()
        return ids + self._ordinary(text[start:])

    def decode(self, ids):
        """Append the bytes of each id to one buffer."""
        buffer = bytearray()
        for i in ids:
            if i in self.special_decoder:
                buffer += self.special_decoder[i].encode("utf8")
            elif i in self.decoder:
                buffer += self.decoder[i]
            else:
                raise ValueError(i)
        return buffer.decode("utf8", "replace")
