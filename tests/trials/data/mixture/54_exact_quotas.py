# wrong: each source exactly in proportion, then shuffled | violates: independently of the other draws
"""Mixtures: training examples drawn from several sources, in proportion to their weights."""

import random
from bisect import bisect
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item")


def mixture_weights(sizes: list[int], alpha: float = 1.0) -> list[float]:
    """Return the probability of drawing from each source, computed from the sources' sizes."""
    if not sizes or min(sizes) < 1:
        raise ValueError("at least one size, each at least 1")
    powers = [size**alpha for size in sizes]
    total = sum(powers)
    return [power / total for power in powers]


def mixture(sources: list[list[Item]], weights: list[float], count: int, seed: int) -> list[Item]:
    """Draw items from several sources, each source in proportion to its weight."""
    if len(weights) != len(sources):
        raise ValueError("as many weights as sources")
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is below 0")
    if not any(weight > 0 for weight in weights):
        raise ValueError("no weight is above 0")
    if any(weight > 0 and not source for source, weight in zip(sources, weights, strict=True)):
        raise ValueError("a source with a weight above 0 is empty")

    rng = random.Random(seed)
    bounds = list(accumulate(weights))
    positions = [0] * len(sources)
    items = []
    order = [bisect(bounds, (n + 0.5) / count * bounds[-1]) for n in range(count)]
    rng.shuffle(order)
    for number in range(count):
        i = order[number]
        source = sources[i]
        items.append(source[positions[i]])
        positions[i] = (positions[i] + 1) % len(source)
    return items
