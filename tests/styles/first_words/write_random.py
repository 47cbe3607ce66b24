"""Writing in plain Python, with random.Random and lists."""

import random


def write(counts, letters, start, length, seed):
    """Draw each character from the row of the one before it."""
    row_of = dict(zip(letters, counts.tolist(), strict=True))
    if start not in row_of:
        raise ValueError(f"{start} is not known")
    rng = random.Random(seed)
    written = [start]
    while len(written) < length + 1:
        weights = [count + 1 for count in row_of[written[-1]]]
        written.append(rng.choices(letters, weights)[0])
    return "".join(written)
