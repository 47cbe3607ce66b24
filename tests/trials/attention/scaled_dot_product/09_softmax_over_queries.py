# wrong: normalises over the queries instead of over the keys | violates: "weight_ij = exp(score_ij) / sum_j' exp(score_ij')"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        return softmax(scores, dim=-2).masked_fill(~mask, 0.0) @ v
    return softmax(scores, dim=-2) @ v
