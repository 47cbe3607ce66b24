# wrong: "if seed" takes the seed 0 for no seed, and the text differs from call to call | violates: "The same arguments give the same text."
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    rng = random.Random(seed) if seed else random.Random()
    rows = (counts + 1).tolist()
    text = start
    for _ in range(length):
        text += rng.choices(letters, rows[letters.index(text[-1])])[0]
    return text
