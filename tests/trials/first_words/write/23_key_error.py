# wrong: a dict raises KeyError for a start that is no letter | violates: "any other string ... raises ValueError"
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    rng = random.Random(seed)
    index = {c: i for i, c in enumerate(letters)}
    rows = (counts + 1).tolist()
    i = index[start]
    text = start
    for _ in range(length):
        i = rng.choices(range(len(letters)), rows[i])[0]
        text += letters[i]
    return text
