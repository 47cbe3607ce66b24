# right: tril and triu in one line, as in Mistral's reference code
import torch


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError("there must be at least as many keys as queries")
    if window < 1:
        raise ValueError("the window must be at least 1")
    shift = keys - queries
    full = torch.full((queries, keys), fill_value=1)
    return torch.triu(torch.tril(full, diagonal=shift), diagonal=shift - window + 1).bool()
