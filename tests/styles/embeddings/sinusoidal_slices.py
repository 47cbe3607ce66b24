"""Sinusoidal positions through exp and log, written into every second column."""

import math

import torch


def sinusoidal(length, width):
    """Fill a table of zeros by slices."""
    if width <= 0 or width % 2 != 0:
        raise ValueError("the width is even and above 0")
    pe = torch.zeros(length, width)
    position = torch.arange(0, length, dtype=torch.float).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, width, 2).float() * (-math.log(10000.0) / width))
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe
