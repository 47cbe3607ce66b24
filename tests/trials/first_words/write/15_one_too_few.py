# wrong: the text has length characters, start included | violates: "a string of length + 1 characters: start and those that were drawn"
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    rng = random.Random(seed)
    rows = (counts + 1).tolist()
    text = start
    while len(text) < length:
        text += rng.choices(letters, rows[letters.index(text[-1])])[0]
    return text
