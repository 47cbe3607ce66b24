# wrong: masks with -1e9, which is not low enough when the allowed scores are lower | violates: "neither it nor its value changes the output, however low the other scores are"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    d_k = q.size(-1)
    scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    p_attn = softmax(scores, dim=-1)
    return torch.matmul(p_attn, v)
