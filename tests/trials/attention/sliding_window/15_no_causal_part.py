# wrong: excludes old keys but not later ones | violates: "t - window < j <= t"
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    i = torch.arange(queries).view(-1, 1)
    j = torch.arange(keys).view(1, -1)
    return j > i + (keys - queries) - window
