# wrong: the triangle starts at the first key, so the queries count as the first tokens | violates: "The queries are the last ``queries`` of ``keys`` tokens, so the last query and the last key belong to the same token."
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    return torch.tril(torch.ones(queries, keys, dtype=torch.bool))
