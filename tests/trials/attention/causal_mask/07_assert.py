# wrong: checks the sizes with assert | violates: "at least ``queries``, else ``ValueError``"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    keys = queries if keys is None else keys
    assert keys >= queries, "more queries than keys"
    return torch.ones(queries, keys, dtype=torch.bool).tril(keys - queries)
