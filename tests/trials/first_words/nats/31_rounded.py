# wrong: rounds to 4 digits as in the example, too few for a small loss | violates: "right to 1 part in 10,000 or to 10^-6"
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    index = {c: i for i, c in enumerate(letters)}
    rows = (counts + 1).tolist()
    losses = [-math.log(rows[index[a]][index[b]] / sum(rows[index[a]])) for a, b in zip(text, text[1:])]
    return round(sum(losses) / len(losses), 4)
