# right: a Python generator that yields characters; subtracts weights until the ticket is used up
import random
from itertools import islice

import torch


def _characters(rows, letters, i, rng):
    while True:
        yield letters[i]
        ticket = rng.randrange(sum(rows[i]) + len(letters))
        for j, n in enumerate(rows[i]):
            ticket -= n + 1
            if ticket < 0:
                i = j
                break


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    matches = [i for i, c in enumerate(letters) if c == start]
    if not matches:
        raise ValueError("start has to be a letter of the table")
    return "".join(islice(_characters(counts.tolist(), letters, matches[0], random.Random(seed)), length + 1))
