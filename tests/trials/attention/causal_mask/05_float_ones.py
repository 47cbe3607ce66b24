# wrong: returns ones and zeros as floats | violates: "A new bool tensor of shape (queries, keys)"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    return torch.tril(torch.ones(queries, keys), diagonal=keys - queries)
