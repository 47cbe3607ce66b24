# wrong: the window reaches forwards as well | violates: "t - window < j <= t"
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    t = torch.arange(queries)[:, None] + keys - queries
    distance = (t - torch.arange(keys)).abs()
    return distance < window
