# wrong: adds a float32 scale for each int8 vector, as quantized caches have | violates: This is what ``Cache`` of the exercise kv_cache/cache allocates for the same arguments
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
    numbers = layers * batch * kv_heads * context * head_dim
    total = 2 * numbers * dtype.itemsize
    if dtype == torch.int8:  # one float32 scale for each vector
        total += 2 * (numbers // head_dim) * 4
    return total
