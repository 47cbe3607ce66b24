# wrong: swaps dimensions 1 and 2 of the keys, which is right for exactly three dimensions only | violates: "the leading dimensions "..." are the same in q, k and v, and there may be none or many"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return softmax(scores, dim=-1) @ v
