"""torch.broadcast_shapes and torch.cdist."""

import torch


def broadcast_shape(*shapes):
    """Torch's own, with ValueError for its RuntimeError."""
    try:
        return tuple(torch.broadcast_shapes(*shapes))
    except RuntimeError as error:
        raise ValueError(str(error)) from None


def squared_distances(a, b):
    """Torch's own, squared."""
    exact = "donot_use_mm_for_euclid_dist"
    return torch.cdist(a, b, compute_mode=exact).square()
