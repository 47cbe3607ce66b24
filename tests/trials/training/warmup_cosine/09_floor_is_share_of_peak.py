# wrong: floor is taken as a share of peak | violates: floor: the last learning rate, from 0 to ``peak``.
"""Warmup and cosine."""

import math


class _Schedule:
    def __init__(self, peak: float, warmup: int, total: int, floor: float) -> None:
        self.peak, self.warmup, self.total, self.floor = map(float, (peak, warmup, total, floor * peak))

    def rising(self, n: int) -> float:
        return self.peak * (n / self.warmup)

    def falling(self, n: int) -> float:
        angle = math.pi * (n - self.warmup) / (self.total - self.warmup)
        middle = (self.peak + self.floor) / 2
        return middle + (self.peak - middle) * math.cos(angle)

    def rate(self, n: int) -> float:
        if n <= self.warmup:
            return self.rising(n)
        return self.falling(n) if n < self.total else self.floor


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    return _Schedule(peak, warmup, total, floor).rate(step + 1)
