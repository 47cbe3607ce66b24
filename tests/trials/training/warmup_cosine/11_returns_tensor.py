# wrong: computes with torch and returns a tensor | violates: Returns: A Python float.
"""Warmup and cosine."""

import math

import torch


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    n = torch.tensor(step + 1, dtype=torch.float64)
    if n <= warmup:
        return peak * n / warmup
    p = ((n - warmup) / max(total - warmup, 1)).clamp(max=1.0)
    return floor + (peak - floor) * (1 + torch.cos(math.pi * p)) / 2
