# wrong: all digits of the dtype's name as bits: float8_e4m3fn gives 843 | violates: dtype: the dtype of the numbers: a floating-point dtype
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
    bits = int("".join(c for c in str(dtype) if c.isdigit()))
    return 2 * layers * batch * kv_heads * context * head_dim * (bits // 8)
