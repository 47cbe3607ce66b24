# wrong: True marks the keys that are forbidden | violates: "True at [i, j] where query i may attend to key j"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    return torch.triu(torch.ones(queries, keys, dtype=torch.bool), diagonal=keys - queries + 1)
