# wrong: allocates the tensors to measure them | violates: To count them, no tensor of such a size is created, so no size is too large.
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
    keys = torch.empty(layers, batch, kv_heads, context, head_dim, dtype=dtype)
    values = torch.empty_like(keys)
    return keys.nbytes + values.nbytes
