# wrong: the warmup starts from the floor | violates: During warmup the floor has no influence: the learning rate may be below it.
"""Warmup and cosine."""

import math


def _progress(n: int, start: int, end: int) -> float:
    """How much of the way from start to end is done, at most 1."""
    return min((n - start) / (end - start), 1.0) if n < end else 1.0


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    n = step + 1
    if warmup > 0 and n <= warmup:
        share, low = n / warmup, floor
    else:
        share, low = math.cos(math.pi / 2 * _progress(n, warmup, total)) ** 2, floor
    return float(low + (peak - low) * share)
