# wrong: a module-level Counter keeps the pairs of earlier calls | violates: "counts[i, j] = the number of positions in the text that have letters[i], with letters[j] at the next position"
from collections import Counter

import torch

_pairs = Counter()


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    v = len(letters)
    _pairs.update(zip(text, text[1:]))
    rows = [[_pairs[a, b] for b in letters] for a in letters]
    return letters, torch.tensor(rows, dtype=torch.int64).reshape(v, v)
