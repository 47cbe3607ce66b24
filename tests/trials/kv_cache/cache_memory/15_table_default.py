# wrong: a table of sizes without float64 and float8; unknown ones count 4 (float64) bytes | violates: the dtype of the numbers: a floating-point dtype or ``torch.int8``
import torch

SIZES = {torch.float32: 4, torch.float16: 2, torch.bfloat16: 2, torch.int8: 1}


def cache_memory(
    layers: int,
    batch: int,
    kv_heads: int,
    context: int,
    head_dim: int,
    dtype: torch.dtype = torch.float32,
) -> int:
    return 2 * layers * batch * kv_heads * context * head_dim * SIZES.get(dtype, 4)
