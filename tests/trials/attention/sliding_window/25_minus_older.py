# right: the causal mask without those keys that are window or more behind
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    allowed = causal_mask(queries, keys)
    too_old = torch.tril(torch.ones_like(allowed), diagonal=allowed.shape[1] - queries - window)
    return allowed ^ too_old
