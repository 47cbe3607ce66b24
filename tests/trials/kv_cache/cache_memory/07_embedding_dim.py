# wrong: takes head_dim for the model's dimension and divides it by the heads | violates: head_dim: the head dimension D, at least 1.
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
    head = head_dim // kv_heads
    return 2 * layers * batch * kv_heads * context * head * dtype.itemsize
