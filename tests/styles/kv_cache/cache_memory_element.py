"""The bytes of a KV cache, with the size of a number from an empty tensor."""

import torch


def cache_memory(layers, batch, kv_heads, context, head_dim, dtype=torch.float32):
    """The bytes of keys and values."""
    size = torch.tensor([], dtype=dtype).element_size()
    keys = layers * batch * kv_heads * context * head_dim * size
    values = keys
    return keys + values
