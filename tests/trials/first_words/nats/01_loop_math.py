# right: plain loop with math.log on Python integers
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    rows = counts.tolist()
    index = {c: i for i, c in enumerate(letters)}
    losses = []
    for a, b in zip(text, text[1:]):
        row = rows[index[a]]
        losses.append(-math.log((row[index[b]] + 1) / (sum(row) + len(row))))
    return math.fsum(losses) / len(losses)
