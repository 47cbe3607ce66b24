# wrong: rejects only a negative window, not 0 | violates: "at least 1, else ``ValueError``"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 0:
        raise ValueError("window must not be negative")
    allowed = causal_mask(queries, keys)
    return allowed & ~allowed.tril(allowed.shape[1] - queries - window)
