# right: an additive bias of 0 and -inf as in PyTorch's reference, half precision computed in float32
import math

import torch

from exercises.attention.softmax import softmax


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    work = torch.promote_types(q.dtype, torch.float32)
    query, key, value = q.to(work), k.to(work), v.to(work)
    scale_factor = 1 / math.sqrt(query.size(-1))
    attn_weight = query @ key.transpose(-2, -1) * scale_factor
    if mask is not None:
        attn_bias = torch.zeros(mask.shape, dtype=work, device=q.device)
        attn_bias.masked_fill_(mask.logical_not(), float("-inf"))
        attn_weight = attn_weight + attn_bias
    return (softmax(attn_weight, dim=-1) @ value).to(q.dtype)
