"""Rotary positions pair by pair, in columns that are put together."""

import math

import torch


def rope(x, start=0, base=10000.0):
    """Turn each pair of each position by its angle."""
    length, width = x.shape[-2], x.shape[-1]
    half, odd = divmod(width, 2)
    if odd:
        raise ValueError("an odd width")
    rows = []
    for t in range(length):
        first, second = [], []
        for j in range(half):
            angle = (start + t) / base ** (2 * j / width)
            a, b = x[..., t, j], x[..., t, half + j]
            first.append(a * math.cos(angle) - b * math.sin(angle))
            second.append(b * math.cos(angle) + a * math.sin(angle))
        rows.append(torch.stack(first + second, dim=-1))
    return torch.stack(rows, dim=-2)
