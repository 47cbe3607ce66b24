# wrong: adds token by token, which takes for ever at large sizes | violates: no tensor of such a size is created, so no size is too large
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
    total = 0
    for _ in range(batch):
        for _ in range(context):
            total += 2 * layers * kv_heads * head_dim * dtype.itemsize
    return total
