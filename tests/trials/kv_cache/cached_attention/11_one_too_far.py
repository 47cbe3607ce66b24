# wrong: with a cache the diagonal is one too far, so a new token sees its successor | violates: "output_i = sum over j <= S + i of p_ij v_j"
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
    B, H, T, D = q.shape
    S = 0
    shift = 0
    if cache is not None:
        S = cache[0].size(2)
        shift = S + 1
        k = torch.cat((cache[0], k), dim=2)
        v = torch.cat((cache[1], v), dim=2)
    scores = q @ k.transpose(-2, -1) / math.sqrt(D)
    mask = torch.tril(torch.ones(T, S + T, dtype=torch.bool, device=q.device), diagonal=shift)
    scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.softmax(scores, dim=-1)
    return weights @ v, (k, v)
