# wrong: a meta tensor of that size, which overflows for large sizes | violates: no tensor of such a size is created, so no size is too large
"""The memory of a KV cache."""

import torch


def cache_memory(
    layers: int,
    batch: int,
    kv_heads: int,
    context: int,
    head_dim: int,
    dtype: torch.dtype = torch.float32,
) -> int:
    keys = torch.empty(layers, batch, kv_heads, context, head_dim, dtype=dtype, device="meta")
    return 2 * keys.numel() * keys.element_size()
