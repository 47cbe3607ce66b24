# wrong: applies the mask only if it has as many dimensions as the scores | violates: "bool tensor that broadcasts to (..., T, S)"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None and mask.dim() == scores.dim():
        scores = scores.masked_fill(~mask, float("-inf"))
    return softmax(scores) @ v
