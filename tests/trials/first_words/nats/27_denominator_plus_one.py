# wrong: adds 1, not V, to the sum of the row | violates: "p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    index = {c: i for i, c in enumerate(letters)}
    rows = counts.tolist()
    losses = [-math.log((rows[index[a]][index[b]] + 1) / (sum(rows[index[a]]) + 1)) for a, b in zip(text, text[1:])]
    return sum(losses) / len(losses)
