"""torch.nn.attention.bias.causal_lower_right, read back from the attention that it steers."""

import torch
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention


def causal_mask(queries, keys=None):
    """A key may be read where its value comes through."""
    keys = queries if keys is None else keys
    if keys < queries:
        raise ValueError("fewer keys than queries")
    q, k = torch.zeros(1, 1, queries, keys), torch.zeros(1, 1, keys, keys)
    steered = causal_lower_right(queries, keys)
    return scaled_dot_product_attention(q, k, torch.eye(keys)[None, None], steered)[0, 0] > 0
