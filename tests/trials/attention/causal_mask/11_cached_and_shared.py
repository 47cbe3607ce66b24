# wrong: keeps the tensor and returns the same object for the next call | violates: "A new bool tensor of shape (queries, keys)"
import functools

import torch


@functools.lru_cache(maxsize=None)
def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)
