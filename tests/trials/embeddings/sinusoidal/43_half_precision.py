# wrong: angles in float16 | violates: the absolute error of each entry is at most 1e-3
"""Sinusoidal positions: a fixed table of sines and cosines, without parameters."""

import torch


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Return the table of sinusoidal position embeddings."""
    if width < 2 or width % 2 != 0:
        raise ValueError(f"width must be even and at least 2, not {width}")
    t = torch.arange(length, dtype=torch.float32).unsqueeze(1)
    exponent = torch.arange(0, width, 2, dtype=torch.float32) / width
    angle = t / 10000.0**exponent
    angle = angle.half().float()
    table = torch.empty(length, width, dtype=torch.float32)
    table[:, 0::2] = torch.sin(angle)
    table[:, 1::2] = torch.cos(angle)
    return table
