"""Top-p row by row, in Python's own numbers, until the sum reaches p."""

import math

import torch


def top_p(logits, p, min_p=0.0):
    """Return the logits with every token outside the nucleus, or below min_p, at -inf."""
    for share in (p, min_p):
        if share < 0 or share > 1:
            raise ValueError(f"{share} is no share")
    result = torch.full(logits.shape, -math.inf, dtype=logits.dtype)
    rows, kept = logits.reshape(-1, logits.shape[-1]), result.view(-1, logits.shape[-1])
    for number, row in enumerate(rows.tolist()):
        top = max(row)
        weights = [math.exp(x - top) for x in row]
        total, summed = sum(weights), 0.0
        for i in sorted(range(len(row)), key=lambda i: (-row[i], i)):
            if weights[i] >= min_p:
                kept[number, i] = row[i]
            summed += weights[i] / total
            if summed >= p and p < 1:
                break
    return result
