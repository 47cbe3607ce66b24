# wrong: shape (C, T) | violates: A new float32 tensor of shape (T, C)
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
        for i in range(width // 2):
            angle = t / 10000 ** (2 * i / width)
            row.append(math.sin(angle))
            row.append(math.cos(angle))
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float32).T
