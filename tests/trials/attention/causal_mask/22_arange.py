# right: positions compared by broadcasting
import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens."""
    n_keys = queries if keys is None else keys
    if n_keys < queries:
        raise ValueError(f"expected at least {queries} keys, got {n_keys}")
    q_pos = torch.arange(n_keys - queries, n_keys)
    k_pos = torch.arange(n_keys)
    return k_pos[None, :] <= q_pos[:, None]
