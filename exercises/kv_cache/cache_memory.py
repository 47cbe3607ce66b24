"""The memory of a KV cache: its bytes, counted from its sizes alone."""

import torch


def cache_memory(
    layers: int,
    batch: int,
    kv_heads: int,
    context: int,
    head_dim: int,
    dtype: torch.dtype = torch.float32,
) -> int:
    """Return the bytes that a KV cache takes.

    Notation: L layers, batch size B, K key-value heads, head dimension D. The cache stores a key
    and a value, D numbers each, for every layer, sequence, key-value head and place of the
    context. This is what ``Cache`` of the exercise kv_cache/cache allocates for the same
    arguments: ``keys`` and ``values`` together. To count them, no tensor of such a size is
    created, so no size is too large.

    Args:
        layers: the number of layers L, at least 1.
        batch: the batch size B, at least 1.
        kv_heads: the number of key-value heads K, at least 1. (The number of query heads does not
            matter.)
        context: the number of places for tokens of each sequence, at least 1.
        head_dim: the head dimension D, at least 1.
        dtype: the dtype of the numbers: a floating-point dtype or ``torch.int8``.

    Returns:
        The number of bytes, an int, exact at any size.

    >>> cache_memory(layers=30, batch=1, kv_heads=3, context=1, head_dim=64)
    46080

    Source: Pope et al., Efficiently Scaling Transformer Inference, 2022, section 3.3; Ainslie et
    al., GQA, 2023, section 2.2.
    """
    raise NotImplementedError("write cache_memory (about 2 lines)")
