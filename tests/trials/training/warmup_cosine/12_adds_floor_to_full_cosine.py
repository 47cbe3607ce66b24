# wrong: the cosine falls from peak + floor, since the amplitude is peak | violates: floor + (peak - floor) * (1 + cos(pi * p)) / 2
"""Warmup and cosine."""

import math


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    n = step + 1
    if n <= warmup:
        return float(peak * n / warmup)
    if n < total:
        p = (n - warmup) / (total - warmup)
        return float(floor + peak * (1 + math.cos(math.pi * p)) / 2)
    return float(floor)
