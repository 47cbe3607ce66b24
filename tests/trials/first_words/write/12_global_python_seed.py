# wrong: random.seed changes Python's global generator | violates: "The global random generators of Python, NumPy and PyTorch are afterwards as they were."
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("start must be one of the letters")
    random.seed(seed)
    text = start
    for _ in range(length):
        row = counts[letters.index(text[-1])] + 1
        text += random.choices(letters, weights=row.tolist(), k=1)[0]
    return text
