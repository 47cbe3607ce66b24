"""The window entry by entry, with plain loops."""

import torch


def sliding_window_mask(queries, keys=None, *, window):
    """Each entry by the rule."""
    if keys is None:
        keys = queries
    if window <= 0 or queries > keys:
        raise ValueError("no such window")
    mask = torch.zeros(queries, keys, dtype=torch.bool)
    for i in range(queries):
        token = keys - queries + i
        for j in range(max(0, token - window + 1), token + 1):
            mask[i, j] = True
    return mask
