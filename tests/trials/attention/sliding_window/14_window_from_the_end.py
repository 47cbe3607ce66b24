# wrong: keeps the last window keys of the whole text for every row | violates: "t - window < j <= t"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    mask = causal_mask(queries, keys)
    keys = mask.shape[1]
    recent = torch.arange(keys) >= keys - window
    return mask & recent
