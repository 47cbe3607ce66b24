# wrong: rounds each tensor up to the allocator's 512 bytes | violates: The number of bytes, an int, exact at any size.
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
    one = layers * batch * kv_heads * context * head_dim * dtype.itemsize
    return 2 * ((one + 511) // 512 * 512)
