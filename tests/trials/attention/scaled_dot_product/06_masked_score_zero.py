# wrong: gives an excluded key the score 0 | violates: "Every other key has the weight 0 exactly"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = torch.where(mask, scores, torch.zeros_like(scores))
    attn = softmax(scores, dim=-1)
    return torch.matmul(attn, v)
