# wrong: returns a float tensor | violates: "A new bool tensor of shape (queries, keys)"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    causal = causal_mask(queries, keys)
    keys = causal.shape[1]
    ones = torch.ones(queries, keys)
    return torch.triu(ones, diagonal=keys - queries - window + 1) * causal
