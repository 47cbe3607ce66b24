# wrong: the batch is forgotten | violates: for every layer, sequence, key-value head and place of the context
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
    numbers = layers * kv_heads * context * head_dim
    return 2 * numbers * dtype.itemsize
