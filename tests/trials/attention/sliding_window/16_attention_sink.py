# wrong: always keeps key 0 visible | violates: "It may attend to key j if and only if t - window < j <= t"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    causal = causal_mask(queries, keys)
    keys = causal.shape[1]
    mask = causal.triu(keys - queries - window + 1)
    mask[:, 0] = True
    return mask
