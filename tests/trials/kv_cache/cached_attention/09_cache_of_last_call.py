# wrong: the returned cache holds only the new tokens, so that the third call forgets the first | violates: "a tuple of keys and values, each of shape (B, H, S + T, D): the past ones, then the new ones"
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
    new_cache = (k, v)
    if cache is not None:
        k = torch.cat([cache[0], k], dim=2)
        v = torch.cat([cache[1], v], dim=2)
    output = scaled_dot_product(q, k, v, causal_mask(q.shape[2], k.shape[2]))
    return output, new_cache
