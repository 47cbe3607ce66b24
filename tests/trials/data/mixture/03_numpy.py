# right: NumPy, own generator, Counter of what was taken
"""Mixtures: training examples drawn from several sources, in proportion to their weights."""

from collections import Counter
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


def mixture_weights(sizes: list[int], alpha: float = 1.0) -> list[float]:
    """Return the probability of drawing from each source, computed from the sources' sizes."""
    n = np.array(sizes, dtype=np.float64)
    if n.size == 0 or (n < 1).any():
        raise ValueError("sizes must be at least 1, and there must be one")
    p = n**alpha
    return (p / p.sum()).tolist()


def mixture(sources: list[list[Item]], weights: list[float], count: int, seed: int) -> list[Item]:
    """Draw items from several sources, each source in proportion to its weight."""
    w = np.array(weights, dtype=np.float64)
    full = np.array([len(source) > 0 for source in sources], dtype=bool)
    if w.size != full.size or (w < 0).any() or not (w > 0).any() or (w > 0)[~full].any():
        raise ValueError("the weights do not fit the sources")
    rng = np.random.default_rng(seed)
    order = rng.choice(w.size, size=count, p=w / w.sum()).tolist()
    taken: Counter[int] = Counter()
    result = []
    for i in order:
        result.append(sources[i][taken[i] % len(sources[i])])
        taken[i] += 1
    return result
