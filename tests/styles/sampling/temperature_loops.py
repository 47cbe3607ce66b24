"""Temperature row by row, in Python's own numbers."""

import math

import torch


def temperature(logits, t):
    """Return the probabilities of the next token at a temperature."""
    if t < 0:
        raise ValueError("t below 0")
    rows = []
    for row in logits.reshape(-1, logits.shape[-1]).tolist():
        top = max(row)
        if t == 0:
            winner = row.index(top)
            rows.append([1.0 if i == winner else 0.0 for i in range(len(row))])
        else:
            weights = [math.exp((x - top) / t) for x in row]
            total = math.fsum(weights)
            rows.append([w / total for w in weights])
    return torch.tensor(rows, dtype=logits.dtype).reshape(logits.shape)
