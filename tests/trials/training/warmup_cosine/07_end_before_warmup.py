# wrong: asks for the end before the warmup, so with warmup == total the last update gets the floor and not the peak | violates: update number ``warmup`` has ``peak``
"""Warmup and cosine."""

import math


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    n = step + 1
    if n >= total:
        return float(floor)
    if n <= warmup:
        return float(peak * n / warmup)
    p = (n - warmup) / (total - warmup)
    return float(floor + (peak - floor) * (1 + math.cos(math.pi * p)) / 2)
