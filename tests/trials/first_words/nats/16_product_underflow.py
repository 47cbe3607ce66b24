# wrong: multiplies the probabilities first, the product of a long text underflows | violates: "right to 1 part in 10,000 or to 10^-6"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    index = {c: i for i, c in enumerate(letters)}
    rows = (counts + 1).tolist()
    likelihood = 1.0
    for a, b in zip(text, text[1:]):
        row = rows[index[a]]
        likelihood *= row[index[b]] / sum(row)
    if likelihood == 0.0:
        return math.inf
    return -math.log(likelihood) / (len(text) - 1)
