# wrong: no check, odd widths fail with another error | violates: even and at least 2, else ValueError
"""Sinusoidal positions: a fixed table of sines and cosines, without parameters."""

import torch


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Return the table of sinusoidal position embeddings."""
    t = torch.arange(length, dtype=torch.float32).unsqueeze(1)
    exponent = torch.arange(0, width, 2, dtype=torch.float32) / width
    angle = t / 10000.0**exponent
    table = torch.empty(length, width, dtype=torch.float32)
    table[:, 0::2] = torch.sin(angle)
    table[:, 1::2] = torch.cos(angle)
    return table
