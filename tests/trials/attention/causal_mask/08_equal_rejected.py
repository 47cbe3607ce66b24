# wrong: rejects as many keys as queries when keys is given | violates: "keys: number of keys S, at least ``queries``, else ``ValueError``"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        return torch.ones(queries, queries, dtype=torch.bool).tril()
    if keys <= queries:
        raise ValueError("keys must be more than queries")
    return torch.ones(queries, keys, dtype=torch.bool).tril(diagonal=keys - queries)
