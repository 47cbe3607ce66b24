"""The bytes of a KV cache from the bits of a number."""

import torch


def cache_memory(layers, batch, kv_heads, context, head_dim, dtype=torch.float32):
    """The bytes of keys and values."""
    info = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
    token = 2 * layers * kv_heads * head_dim * info.bits // 8
    return token * context * batch
