# wrong: cuts the mask from a table of 1024 tokens, which is too small for longer texts | violates: "A new bool tensor of shape (queries, keys)"
import torch

BLOCK_SIZE = 1024
_TABLE = torch.tril(torch.ones(BLOCK_SIZE, BLOCK_SIZE, dtype=torch.bool))


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    return _TABLE[keys - queries : keys, :keys].clone()
