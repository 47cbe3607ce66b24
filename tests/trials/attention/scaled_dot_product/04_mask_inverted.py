# wrong: excludes the keys where the mask is True | violates: "True where the query may attend to the key"
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    scale = 1 / math.sqrt(q.size(-1))
    scores = (q @ k.transpose(-2, -1)) * scale
    if mask is not None:
        scores = scores.masked_fill(mask, float("-inf"))
    return softmax(scores) @ v
