"""Softmax slice by slice, in plain loops."""

import torch


def softmax(scores, dim=-1):
    """Turn each slice along ``dim`` into probabilities."""
    last = scores.movedim(dim, -1)
    rows = []
    for row in last.reshape(-1, last.shape[-1]):
        highest = max(row)
        powers = [torch.exp(score - highest) for score in row]
        total = sum(powers)
        rows.append(torch.stack([power / total for power in powers]))
    return torch.stack(rows).reshape(last.shape).movedim(-1, dim)
