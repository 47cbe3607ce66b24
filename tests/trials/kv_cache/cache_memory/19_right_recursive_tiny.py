# right: recursive tiny
import torch


def bytes_of(shape, dtype):
    """Bytes of a tensor of this shape, counted recursively; a single number is measured."""
    if not shape:
        return torch.zeros((), dtype=dtype).nbytes
    return shape[0] * bytes_of(shape[1:], dtype)


def cache_memory(
    layers: int,
    batch: int,
    kv_heads: int,
    context: int,
    head_dim: int,
    dtype: torch.dtype = torch.float32,
) -> int:
    keys = bytes_of((layers, batch, kv_heads, context, head_dim), dtype)
    values = keys
    return keys + values
