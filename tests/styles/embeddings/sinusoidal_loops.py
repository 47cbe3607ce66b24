"""Sinusoidal positions entry by entry."""

import math

import torch


def sinusoidal(length, width):
    """Nested lists of sines and cosines."""
    if width % 2 == 1 or width < 2:
        raise ValueError(f"a width of {width}")
    rows = []
    for t in range(length):
        row = []
        for i in range(width // 2):
            angle = t / 10000 ** (2 * i / width)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float32)
