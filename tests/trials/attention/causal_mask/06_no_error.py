# wrong: does not reject fewer keys than queries | violates: "keys: number of keys S, at least ``queries``, else ``ValueError``"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    i = torch.arange(queries)[:, None]
    j = torch.arange(keys)[None, :]
    return j <= i + (keys - queries)
