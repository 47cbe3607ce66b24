# wrong: only odd widths are refused | violates: even and at least 2, else ValueError
"""Sinusoidal positions: a fixed table of sines and cosines, without parameters."""

import math

import torch


def _frequencies(width: int) -> torch.Tensor:
    """Return the angle per position of each pair."""
    i = torch.arange(width // 2, dtype=torch.float64)
    return torch.exp(-math.log(10000.0) * 2 * i / width)


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Return the table of sinusoidal position embeddings."""
    if width % 2:
        raise ValueError(f"bad width: {width}")
    angles = torch.outer(torch.arange(length, dtype=torch.float64), _frequencies(width))
    hands = torch.stack((angles.sin(), angles.cos()), dim=-1)
    return hands.reshape(length, width).to(torch.float32)
