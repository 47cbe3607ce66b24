# right: plain loops
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if keys is None:
        keys = queries
    if keys < queries or window < 1:
        raise ValueError("need queries <= keys and window >= 1")
    mask = torch.zeros(queries, keys, dtype=torch.bool)
    for i in range(queries):
        t = i + keys - queries
        for j in range(max(0, t - window + 1), t + 1):
            mask[i, j] = True
    return mask
