# right: random.Random and choices with integer weights, plain Python lists
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("start is not one of the letters")
    rng = random.Random(seed)
    weights = {c: [n + 1 for n in row] for c, row in zip(letters, counts.tolist())}
    written = [start]
    while len(written) <= length:
        written += rng.choices(letters, weights=weights[written[-1]])
    return "".join(written)
