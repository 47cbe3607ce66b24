"""Broadcasting by columns of sizes, and distances in blocks of rows."""

import torch


def broadcast_shape(*shapes):
    """Look at the sizes of one dimension at a time, in place."""
    ndim = max((len(s) for s in shapes), default=0)
    shape = []
    for d in range(-ndim, 0):
        column = [s[d] for s in shapes if len(s) >= -d]
        wide = [n for n in column if n != 1]
        if any(n != wide[0] for n in wide):
            raise ValueError(f"dimension {d}: {column}")
        shape += wide[:1] or [1]
    return tuple(shape)


def squared_distances(a, b):
    """Take all differences of 64 rows at a time."""
    blocks = [((part[:, None, :] - b) ** 2).sum(-1) for part in a.split(64)]
    return torch.cat(blocks)
