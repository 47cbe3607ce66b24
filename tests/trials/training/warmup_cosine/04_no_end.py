# wrong: the cosine goes on after the last update and rises again | violates: update number ``total`` and all later ones have ``floor``
"""Warmup and cosine."""

import math


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    n = step + 1
    if n <= warmup:
        return float(peak * n / warmup)
    p = (n - warmup) / max(total - warmup, 1)
    if n == total:
        p = 1.0
    return float(floor + (peak - floor) * (1 + math.cos(math.pi * p)) / 2)
