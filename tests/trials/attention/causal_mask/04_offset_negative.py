# wrong: shifts by queries - keys instead of keys - queries | violates: "Query i may attend to key j if and only if j <= i + (keys - queries)"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    offset = queries - keys
    rows = torch.arange(queries)[:, None]
    columns = torch.arange(keys)[None, :]
    return columns <= rows + offset
