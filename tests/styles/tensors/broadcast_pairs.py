"""Broadcasting two shapes at a time, and distances row by row."""

from functools import reduce
from itertools import zip_longest

import torch


def broadcast_shape(*shapes):
    """Fold the shapes into one."""
    return reduce(_combine, shapes, ())


def _combine(left, right):
    sizes = []
    for m, n in zip_longest(reversed(left), reversed(right), fillvalue=1):
        if m != n and m != 1 and n != 1:
            raise ValueError(f"{m} and {n}")
        sizes.append(n if m == 1 else m)
    return tuple(sizes[::-1])


def squared_distances(a, b):
    """Subtract all rows of b from one row of a at a time."""
    return torch.stack([(b - row).pow(2).sum(dim=-1) for row in a])
