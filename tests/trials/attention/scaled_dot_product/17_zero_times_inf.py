# wrong: multiplies (1 - mask) by -inf, which is NaN where the mask is True | violates: "score_ij = sum_d q_id k_jd / sqrt(D)"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores + (1.0 - mask.to(scores.dtype)) * float("-inf")
    return softmax(scores) @ v
