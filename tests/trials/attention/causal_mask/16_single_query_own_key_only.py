# wrong: fills only one run of columns, from the first query's token on, so the cached keys are left out | violates: "a single query may attend to every key"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    past = keys - queries
    mask = torch.zeros(queries, keys, dtype=torch.bool)
    mask[:, past:] = torch.ones(queries, queries, dtype=torch.bool).tril()
    return mask
