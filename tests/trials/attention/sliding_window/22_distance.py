# right: distances between 0 and window, its own checks
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    n_keys = queries if keys is None else keys
    if n_keys < queries:
        raise ValueError(f"keys ({n_keys}) < queries ({queries})")
    if window < 1:
        raise ValueError(f"window must be at least 1, not {window}")
    q_idx = torch.arange(n_keys - queries, n_keys).view(-1, 1)
    kv_idx = torch.arange(n_keys).view(1, -1)
    distance = q_idx - kv_idx
    return torch.logical_and(distance >= 0, distance < window)
