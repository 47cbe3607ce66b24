# wrong: int() of a float product, inexact above 2^53 | violates: The number of bytes, an int, exact at any size.
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
    info = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
    size = info.bits / 8
    return int(2 * layers * batch * kv_heads * context * head_dim * size)
