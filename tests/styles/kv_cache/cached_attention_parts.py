"""Attention with a KV cache, from the mask and the attention of earlier exercises."""

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


def cached_attention(q, k, v, cache=None):
    """Compute causal attention for new tokens that follow past ones."""
    if cache is not None:
        past_keys, past_values = cache
        k, v = torch.cat([past_keys, k], 2), torch.cat([past_values, v], 2)
    return scaled_dot_product(q, k, v, causal_mask(q.size(2), k.size(2))), (k, v)
