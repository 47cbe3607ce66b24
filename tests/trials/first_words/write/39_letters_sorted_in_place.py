# wrong: sorts the caller's list in place after having made its own index | violates: "It is not changed." (letters)
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    row_of = {c: i for i, c in enumerate(letters)}
    if start not in row_of:
        raise ValueError("unknown start")
    table = counts.tolist()
    old = list(letters)
    letters.sort()
    rng = random.Random(seed)
    text = start
    for _ in range(length):
        row = table[row_of[text[-1]]]
        text += rng.choices(old, [n + 1 for n in row])[0]
    return text
