# right: ones for the past joined with a triangle for the present
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    if keys is not None and keys < queries:
        raise ValueError("keys must not be fewer than queries")
    past = 0 if keys is None else keys - queries
    seen = torch.ones((queries, past), dtype=torch.bool)
    present = torch.triu(torch.ones((queries, queries), dtype=torch.bool), 1).logical_not()
    return torch.cat((seen, present), dim=1)
