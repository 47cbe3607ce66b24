# right: plain loops, choices and itertools.cycle, helper for the checks
"""Mixtures: training examples drawn from several sources, in proportion to their weights."""

import math
import random
from itertools import cycle
from typing import TypeVar

Item = TypeVar("Item")


def mixture_weights(sizes: list[int], alpha: float = 1.0) -> list[float]:
    """Return the probability of drawing from each source, computed from the sources' sizes."""
    if len(sizes) == 0:
        raise ValueError("no sizes")
    result = []
    total = 0.0
    for n in sizes:
        if n < 1:
            raise ValueError(f"size {n} is below 1")
        p = math.pow(n, alpha)
        result.append(p)
        total += p
    for i in range(len(result)):
        result[i] /= total
    return result


def _check(sources: list[list[Item]], weights: list[float]) -> None:
    """Raise ValueError for weights or sources that do not fit."""
    if len(sources) != len(weights):
        raise ValueError(f"{len(sources)} sources, but {len(weights)} weights")
    positive = 0
    for source, w in zip(sources, weights):
        if w < 0:
            raise ValueError(f"weight {w} is negative")
        if w > 0:
            positive += 1
            if len(source) == 0:
                raise ValueError("empty source")
    if positive == 0:
        raise ValueError("all weights are 0")


def mixture(sources: list[list[Item]], weights: list[float], count: int, seed: int) -> list[Item]:
    """Draw items from several sources, each source in proportion to its weight."""
    _check(sources, weights)
    generator = random.Random(seed)
    streams = [cycle(source) for source in sources]
    chosen = generator.choices(range(len(sources)), weights=weights, k=count)
    return [next(streams[i]) for i in chosen]
