# wrong: checks the window with assert | violates: "at least 1, else ``ValueError``"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    assert window >= 1, "window must be positive"
    causal = causal_mask(queries, keys)
    offset = causal.size(1) - queries
    return causal.triu(offset - window + 1)
