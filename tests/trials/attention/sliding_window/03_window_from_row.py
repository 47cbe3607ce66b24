# wrong: counts the window from the row number instead of the token's position | violates: "so query i belongs to token t = i + (keys - queries)"
import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it."""
    if window < 1:
        raise ValueError("the window must be at least 1")
    mask = causal_mask(queries, keys)
    row = torch.arange(queries).unsqueeze(1)
    inside = torch.arange(mask.shape[1]) > row - window
    return mask & inside
