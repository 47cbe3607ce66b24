"""The bytes of a KV cache, as one product."""

import math

import torch


def cache_memory(layers, batch, kv_heads, context, head_dim, dtype=torch.float32):
    """The bytes of keys and values."""
    return math.prod([2, layers, batch, kv_heads, context, head_dim, dtype.itemsize])
