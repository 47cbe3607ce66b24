# wrong: each query also sees the next token | violates: "Query i may attend to key j if and only if j <= i + (keys - queries)"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    mask = torch.zeros(queries, keys, dtype=torch.bool)
    for i in range(queries):
        mask[i, : i + keys - queries + 2] = True
    return mask
