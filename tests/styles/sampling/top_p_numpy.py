"""Top-p with NumPy, one row after the other by searchsorted."""

import numpy as np
import torch


def top_p(logits, p, min_p=0.0):
    """Return the logits with every token outside the nucleus, or below min_p, at -inf."""
    if not (0 <= p <= 1 and 0 <= min_p <= 1):
        raise ValueError("p and min_p are shares")
    x = logits.detach().numpy()

    def cut(row):
        order = np.argsort(-row, kind="stable")
        share = np.exp(row.astype(np.float64) - row.max())
        share /= share.sum()
        count = len(row) if p == 1 else np.searchsorted(np.cumsum(share[order]), p) + 1
        keep = order[:count]
        keep = keep[share[keep] >= min_p * share.max()]
        out = np.full_like(row, -np.inf)
        out[keep] = row[keep]
        return out

    return torch.from_numpy(np.apply_along_axis(cut, -1, x))
