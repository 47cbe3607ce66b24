# right: reduce bits
from functools import reduce

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
    bits = reduce(lambda a, b: a * b, (layers, batch, kv_heads, context, head_dim), 2 * info.bits)
    return bits // 8
