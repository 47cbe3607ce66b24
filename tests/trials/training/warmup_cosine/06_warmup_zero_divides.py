# wrong: divides by warmup before asking whether there is one | violates: With 0 there is none.
"""Warmup and cosine."""

import math


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    n = step + 1
    rising = peak * n / warmup
    if n <= warmup:
        return float(rising)
    progress = (n - warmup) / (total - warmup) if n < total else 1.0
    return float(floor + (peak - floor) * 0.5 * (1.0 + math.cos(math.pi * progress)))
