# wrong: rejects a window of 1 | violates: "With a window of 1 a token attends only to itself"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window <= 1:
        raise ValueError("window must be larger than 1")
    causal = causal_mask(queries, keys)
    offset = causal.size(1) - queries
    return causal.triu(offset - window + 1)
