# wrong: divides by the number of characters n | violates: "the mean over all n - 1 pairs"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    total = 0.0
    for a, b in zip(text, text[1:]):
        row = counts[letters.index(a)] + 1
        total -= math.log(row[letters.index(b)].item() / row.sum().item())
    return total / len(text)
