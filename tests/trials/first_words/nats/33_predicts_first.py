# wrong: the first character is charged log V | violates: "The first character is not predicted: nothing is before it."
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    v = len(letters)
    index = {c: i for i, c in enumerate(letters)}
    rows = (counts + 1).tolist()
    losses = [math.log(v)]
    for a, b in zip(text, text[1:]):
        losses.append(-math.log(rows[index[a]][index[b]] / sum(rows[index[a]])))
    return sum(losses) / len(losses)
