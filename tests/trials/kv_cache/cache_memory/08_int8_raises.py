# wrong: finfo knows no int8, so int8 raises | violates: a floating-point dtype or ``torch.int8``
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
    size = torch.finfo(dtype).bits // 8
    return 2 * layers * batch * kv_heads * context * head_dim * size
