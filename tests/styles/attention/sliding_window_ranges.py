"""The window as a comparison of distances."""

import torch


def sliding_window_mask(queries, keys=None, *, window):
    """How far back each key lies from each query."""
    keys = queries if keys is None else keys
    if window < 1:
        raise ValueError("the window is empty")
    if keys < queries:
        raise ValueError("there are fewer keys than queries")
    tokens = torch.arange(keys)
    back = tokens[keys - queries :, None] - tokens[None, :]
    return torch.logical_and(back >= 0, back < window)
