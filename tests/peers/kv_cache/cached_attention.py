"""torch.nn.functional.scaled_dot_product_attention with torch's mask for a longer past."""

import torch
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention


def cached_attention(q, k, v, cache=None):
    """Torch's attention over the joined past."""
    if cache is not None:
        k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
    mask = causal_lower_right(q.shape[2], k.shape[2])
    return scaled_dot_product_attention(q, k, v, mask), (k, v)
