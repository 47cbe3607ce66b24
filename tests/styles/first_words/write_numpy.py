"""Writing with NumPy's generator, from cumulative sums."""

import numpy as np


def write(counts, letters, start, length, seed):
    """Draw each character from the row of the one before it."""
    if start not in letters:
        raise ValueError("start has to be one of the letters")
    generator = np.random.default_rng(seed)
    ends = np.cumsum(counts.numpy() + 1, axis=1)
    i, text = letters.index(start), start
    for number in generator.random(length):
        i = int(np.searchsorted(ends[i], number * ends[i, -1], side="right"))
        text = text + letters[i]
    return text
