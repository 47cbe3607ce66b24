# wrong: cuts the seed to 8 bits, so that 1 and 257 give the same text | violates: "Another seed gives another text where chance decides"
import random

import torch


def write(counts: torch.Tensor, letters: list[str], start: str, length: int, seed: int) -> str:
    if start not in letters:
        raise ValueError("unknown start")
    rng = random.Random(seed % 256)
    rows = (counts + 1).tolist()
    text = start
    for _ in range(length):
        text += rng.choices(letters, rows[letters.index(text[-1])])[0]
    return text
