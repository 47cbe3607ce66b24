"""The causal mask written row by row into a buffer."""

import torch


def causal_mask(queries, keys=None):
    """Permit each query its own key and those before it."""
    keys = queries if keys is None else keys
    past = keys - queries
    if past < 0:
        raise ValueError("fewer keys than queries")
    mask = torch.zeros((queries, keys), dtype=torch.bool)
    for i, row in enumerate(mask):
        row[: past + i + 1] = True
    return mask
