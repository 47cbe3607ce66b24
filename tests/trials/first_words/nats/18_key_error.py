# wrong: a character that is not in letters raises KeyError | violates: "any other text raises ValueError"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2:
        raise ValueError("text is too short")
    index = {c: i for i, c in enumerate(letters)}
    rows = (counts + 1).tolist()
    total = 0.0
    for a, b in zip(text, text[1:]):
        row = rows[index[a]]
        total += -math.log(row[index[b]] / sum(row))
    return total / (len(text) - 1)
