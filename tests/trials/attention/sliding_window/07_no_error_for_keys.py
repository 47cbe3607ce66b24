# wrong: accepts fewer keys than queries | violates: "keys: number of keys S, at least ``queries``, else ``ValueError``"
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    if keys is None:
        keys = queries
    t = torch.arange(queries).unsqueeze(-1) + (keys - queries)
    j = torch.arange(keys)
    return (j <= t) & (j > t - window)
