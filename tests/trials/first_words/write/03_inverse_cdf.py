# right: exact integers, cumulated sums and searchsorted
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    i = letters.index(start)  # ValueError for a string that is no letter
    cumulated = torch.cumsum(counts + 1, dim=1)
    rng = random.Random(seed)
    text = start
    for _ in range(length):
        row = cumulated[i]
        ticket = rng.randrange(int(row[-1]))
        i = int(torch.searchsorted(row, ticket, right=True))
        text += letters[i]
    return text
