# wrong: sets weights to 0 after softmax, so the others no longer sum to 1 | violates: "where j' runs over the keys that query i may attend to"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    d = q.shape[-1]
    weights = softmax(q @ k.transpose(-2, -1) / math.sqrt(d), dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ v
