# wrong: a token does not attend to itself | violates: "Query i may attend to key j if and only if j <= i + (keys - queries)"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    i = torch.arange(queries).unsqueeze(1)
    j = torch.arange(keys).unsqueeze(0)
    return j < i + (keys - queries)
