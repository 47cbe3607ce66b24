# wrong: rows are keys and columns are queries | violates: "True at [i, j] where query i may attend to key j"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    i = torch.arange(queries).reshape(1, -1)
    j = torch.arange(keys).reshape(-1, 1)
    return j <= i + (keys - queries)
