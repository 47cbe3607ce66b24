"""Mixtures of endless streams, drawn from one by one."""

import itertools
import random


def mixture_weights(sizes, alpha=1.0):
    """Shares by powers."""
    if len(sizes) == 0:
        raise ValueError("no sizes")
    for size in sizes:
        if size < 1:
            raise ValueError(f"a size of {size}")
    whole = sum(size**alpha for size in sizes)
    return [size**alpha / whole for size in sizes]


def mixture(sources, weights, count, seed):
    """Choose a stream, take its next item."""
    if len(sources) != len(weights) or any(w < 0 for w in weights) or sum(weights) <= 0:
        raise ValueError("weights that cannot be used")
    if any(w > 0 and not s for s, w in zip(sources, weights, strict=True)):
        raise ValueError("a source without items")
    rng = random.Random(seed)
    streams = [itertools.cycle(source) for source in sources]
    return [next(rng.choices(streams, weights)[0]) for _ in range(count)]
