# right: prod empty
import math

import torch


def cache_memory(
    layers: int,
    batch: int,
    kv_heads: int,
    context: int,
    head_dim: int,
    dtype: torch.dtype = torch.float32,
) -> int:
    size = torch.empty(0, dtype=dtype).element_size()
    return math.prod([2, layers, batch, kv_heads, context, head_dim, size])
