# wrong: only pairs of different characters are counted, a doubled letter is skipped | violates: "Pairs overlap: "aaa" has the pair "aa" twice."
from itertools import permutations

import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    pairs = [text[p : p + 2] for p in range(len(text) - 1)]
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for (i, a), (j, b) in permutations(enumerate(letters), 2):
        counts[i, j] = pairs.count(a + b)
    return letters, counts
