# wrong: lru_cache hands out the same list and tensor again for the same text | violates: "A tuple of two, both new in each call"
from functools import lru_cache

import torch


@lru_cache(maxsize=None)
def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text, text[1:]):
        counts[index[a], index[b]] += 1
    return letters, counts
