"""Sinusoidal positions as the parts of complex numbers, float64 inside."""

import torch


def sinusoidal(length, width):
    """Raise one turn of each speed to the powers of the positions."""
    if width < 1 or width % 2:
        raise ValueError("no pairs")
    i = torch.arange(width // 2, dtype=torch.float64)
    angles = torch.outer(torch.arange(length, dtype=torch.float64), 1 / 10000 ** (2 * i / width))
    turned = torch.polar(torch.ones_like(angles), angles)
    table = torch.empty(length, width)
    table.view(length, -1, 2)[..., 0] = turned.imag
    table.view(length, -1, 2)[..., 1] = turned.real
    return table
