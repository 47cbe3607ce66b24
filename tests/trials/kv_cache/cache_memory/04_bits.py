# wrong: bits are taken for bytes | violates: Return the bytes that a KV cache takes.
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
    return 2 * layers * batch * kv_heads * context * head_dim * info.bits
