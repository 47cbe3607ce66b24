# wrong: counts each pair of the text into its copy of the table after it was predicted | violates: "only counts decides their probabilities"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    table = counts.clone() + 1
    index = {c: i for i, c in enumerate(letters)}
    total = 0.0
    for a, b in zip(text, text[1:]):
        i, j = index[a], index[b]
        total -= math.log(table[i, j].item() / table[i].sum().item())
        table[i, j] += 1
    return total / (len(text) - 1)
