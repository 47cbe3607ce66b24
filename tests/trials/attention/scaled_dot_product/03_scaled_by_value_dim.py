# wrong: takes D from the values instead of from the queries | violates: "T queries and S keys of dimension D, and a value of dimension V for each key."
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(v.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return softmax(scores, -1) @ v
