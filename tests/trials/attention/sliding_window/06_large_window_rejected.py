# wrong: rejects a window larger than the number of keys | violates: "one of ``keys`` or more is the causal mask"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if keys is None:
        keys = queries
    if window < 1 or window > keys:
        raise ValueError("window must lie between 1 and the number of keys")
    t = torch.arange(queries)[:, None] + (keys - queries)
    return causal_mask(queries, keys) & (torch.arange(keys) > t - window)
