# wrong: returns the sum of the losses | violates: "the mean over all n - 1 pairs (i, j) of -log p(j | i)"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    smooth = counts + 1
    total = 0.0
    for p in range(len(text) - 1):
        i, j = letters.index(text[p]), letters.index(text[p + 1])
        total -= math.log(smooth[i, j].item() / smooth[i].sum().item())
    return total
