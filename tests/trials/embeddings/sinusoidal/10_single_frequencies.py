# wrong: each single feature has its own frequency | violates: angle = t / 10000^(2i / C)
"""Sinusoidal positions: a fixed table of sines and cosines, without parameters."""

import math

import torch


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Return the table of sinusoidal position embeddings."""
    if width < 2 or width % 2 == 1:
        raise ValueError("width must be even and positive")
    rows = []
    for t in range(length):
        row = []
        for k in range(width):
            angle = t / 10000 ** (k / width)
            row.append(math.sin(angle) if k % 2 == 0 else math.cos(angle))
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float32)
