# right: comprehensions, functools.cache around a closure, min with a key, str.find for the special tokens
"""GPT-2's tokenizer: its real vocabulary, and the ids that the model was trained on.

Not here: training a vocabulary.
"""

import base64
import functools

from exercises.tokenizer.pretokenize import pretokenize


def read_ranks(text: str) -> dict[bytes, int]:
    """Return the rank of each token in a vocabulary file."""
    return {
        base64.b64decode(token): int(rank)
        for token, _, rank in (line.partition(" ") for line in text.splitlines() if line)
    }


class GPT2Tokenizer:
    """Encode text as ids of a trained vocabulary, and decode ids to text."""

    def __init__(self, ranks: dict[bytes, int], special: dict[str, int] | None = None) -> None:
        """Take the vocabulary."""
        if not all(bytes((value,)) in ranks for value in range(256)):
            raise ValueError("each of the 256 single bytes needs a rank")
        self.ranks = {**ranks}
        self.special = {**special} if special else {}
        self.vocabulary = {
            **{rank: token for token, rank in self.ranks.items()},
            **{number: text.encode("utf-8") for text, number in self.special.items()},
        }
        self.stored = functools.cache(lambda piece: tuple(self.encode_piece(piece)))

    def encode_piece(self, piece: str) -> list[int]:
        """Return the ids of one piece, without looking for special tokens and without cutting it."""
        tokens = [bytes((value,)) for value in piece.encode("utf-8")]
        while candidates := [
            (self.ranks[tokens[i] + tokens[i + 1]], i)
            for i in range(len(tokens) - 1)
            if tokens[i] + tokens[i + 1] in self.ranks
        ]:
            _, i = min(candidates)
            tokens = [*tokens[:i], tokens[i] + tokens[i + 1], *tokens[i + 2 :]]
        return [self.ranks[token] for token in tokens]

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        starts = [(text.find(name), -len(name), name) for name in self.special if name in text]
        if not starts:
            pieces = pretokenize(text) if text else []
            return [number for piece in pieces for number in self.stored(piece)]
        ids, begin = [], 0
        while starts:
            place, _, name = min(starts)
            if begin < place:
                ids.extend(number for piece in pretokenize(text[begin:place]) for number in self.stored(piece))
            ids.append(self.special[name])
            begin = place + len(name)
            again = ((at if at >= begin else text.find(other, begin), size, other) for at, size, other in starts)
            starts = [start for start in again if start[0] >= 0]
        if begin < len(text):
            ids.extend(number for piece in pretokenize(text[begin:]) for number in self.stored(piece))
        return ids

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids."""
        unknown = [number for number in ids if number not in self.vocabulary]
        if unknown:
            raise ValueError(f"not in the vocabulary: {unknown}")
        return b"".join(map(self.vocabulary.__getitem__, ids)).decode("utf-8", "replace")
