"""Top-k with NumPy: the rank of each token, compared with k."""

import numpy as np
import torch


def top_k(logits, k):
    """Return the logits with all but the k largest of each row replaced by -inf."""
    if k < 1:
        raise ValueError("k must be positive")
    x = logits.detach().numpy()
    order = np.argsort(-x, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1)
    return torch.from_numpy(np.where(rank < k, x, np.array(-np.inf, dtype=x.dtype)))
