# wrong: bisect_left with tickets from 0 gives the first letter one ticket too many and the last one too few | violates: "the next character is letters[j] with the probability p(j | i)", "each letter can follow each other"
import random
from bisect import bisect_left
from itertools import accumulate

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    rng = random.Random(seed)
    sums = [list(accumulate(row)) for row in (counts + 1).tolist()]
    i = letters.index(start)
    text = start
    for _ in range(length):
        ticket = rng.randrange(sums[i][-1])
        i = bisect_left(sums[i], ticket)
        text += letters[i]
    return text
