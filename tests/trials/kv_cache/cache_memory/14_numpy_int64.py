# wrong: np.prod in int64 overflows silently | violates: The number of bytes, an int, exact at any size.
import numpy as np
import torch


def cache_memory(
    layers: int,
    batch: int,
    kv_heads: int,
    context: int,
    head_dim: int,
    dtype: torch.dtype = torch.float32,
) -> int:
    shape = np.array([2, layers, batch, kv_heads, context, head_dim, dtype.itemsize], dtype=np.int64)
    return int(np.prod(shape))
