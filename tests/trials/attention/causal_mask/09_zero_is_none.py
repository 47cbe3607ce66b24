# wrong: treats keys=0 as if it were None | violates: "None means as many as there are queries"
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    keys = keys or queries
    if keys < queries:
        raise ValueError(f"{keys} keys are too few for {queries} queries")
    return torch.ones(queries, keys, dtype=torch.bool).tril(diagonal=keys - queries)
