# wrong: converts the table to int32, which large counts overflow | violates: "int64 tensor of shape (V, V), with numbers from 0 to 10^12"
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    rng = random.Random(seed)
    rows = (counts.int() + 1).tolist()
    i = letters.index(start)
    text = start
    for _ in range(length):
        i = rng.choices(range(len(letters)), rows[i])[0]
        text += letters[i]
    return text
