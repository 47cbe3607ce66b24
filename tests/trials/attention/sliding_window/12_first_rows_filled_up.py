# wrong: gives the first rows window keys too, from the future | violates: "or all up to its own where there are fewer"
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    mask = torch.zeros(queries, keys, dtype=torch.bool)
    for i in range(queries):
        t = i + keys - queries
        start = max(0, t - window + 1)
        mask[i, start : start + window] = True
    return mask
