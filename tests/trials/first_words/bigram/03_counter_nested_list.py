# right: collections.Counter of pairs, nested lists, one tensor at the end
from collections import Counter
from itertools import pairwise

import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    pairs = Counter(pairwise(text))
    letters = sorted(set(text))
    rows = [[pairs[a, b] for b in letters] for a in letters]
    counts = torch.tensor(rows, dtype=torch.int64).reshape(len(letters), len(letters))
    return letters, counts
