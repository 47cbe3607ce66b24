# wrong: only the keys are counted | violates: ``keys`` and ``values`` together
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
    return numbers * dtype.itemsize
