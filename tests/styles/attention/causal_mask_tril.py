"""The causal mask as the lower triangle of ones."""

import torch


def causal_mask(queries, keys=None):
    """Permit each query its own key and those before it."""
    keys = queries if keys is None else keys
    if queries > keys:
        raise ValueError("fewer keys than queries")
    return torch.tril(torch.ones(queries, keys), diagonal=keys - queries).bool()
