# right: textbook: concatenate, then the masks and attention of the earlier exercises
"""Attention with a KV cache."""

import math

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product

Cache = tuple[torch.Tensor, torch.Tensor]


def cached_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, cache: Cache | None = None
) -> tuple[torch.Tensor, Cache]:
    """Causal attention for the new tokens, and the cache for the next call."""
    if cache is not None:
        past_k, past_v = cache
        k = torch.cat([past_k, k], dim=2)
        v = torch.cat([past_v, v], dim=2)
    mask = causal_mask(q.shape[2], k.shape[2])
    output = scaled_dot_product(q, k, v, mask)
    return output, (k, v)
