# right: nested list comprehension
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    offset = keys - queries
    table = [[j <= i + offset for j in range(keys)] for i in range(queries)]
    return torch.tensor(table, dtype=torch.bool)
