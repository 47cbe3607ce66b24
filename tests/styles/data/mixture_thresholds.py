"""Mixtures chosen by a number between 0 and the sum of all weights."""

import numpy as np


def mixture_weights(sizes, alpha=1.0):
    """Shares by powers in NumPy."""
    if not sizes or min(sizes) < 1:
        raise ValueError("every size is 1 or more")
    powers = np.asarray(sizes, dtype=np.float64) ** alpha
    return [float(share) for share in powers / powers.sum()]


def mixture(sources, weights, count, seed):
    """Find for each number the source in whose stretch it falls."""
    if len(weights) != len(sources):
        raise ValueError("as many weights as sources")
    if not weights or min(weights) < 0 or max(weights) <= 0:
        raise ValueError("weights below 0, or none above")
    if any(not s for s, w in zip(sources, weights, strict=True) if w):
        raise ValueError("an empty source is weighed")
    ends = np.cumsum(weights)
    places = np.random.default_rng(seed).random(count) * ends[-1]
    queues = [list(source) for source in sources]
    drawn = []
    for i in np.searchsorted(ends, places, side="right"):
        item = queues[i].pop(0)
        queues[i].append(item)
        drawn.append(item)
    return drawn
