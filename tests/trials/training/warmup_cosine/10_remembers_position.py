# wrong: a count between calls replaces the step when the same settings are asked again | violates: The result depends on the arguments alone, so steps may be asked for in any order.
"""Warmup and cosine."""

import math


_updates: dict[tuple, int] = {}


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    key = (peak, warmup, total, floor)
    n = _updates[key] = max(step + 1, _updates.get(key, 0))
    if n <= warmup:
        return float(peak * n / warmup)
    if n >= total:
        return float(floor)
    p = (n - warmup) / (total - warmup)
    return float(floor + (peak - floor) * (1 + math.cos(math.pi * p)) / 2)
