# wrong: the lengths are a class attribute shared by all caches | violates: Two caches share nothing.
"""A KV cache that is allocated once."""

import torch


class Cache:
    lengths: dict[int, int] = {}

    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        context: int,
        head_dim: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        shape = (layers, batch, kv_heads, context, head_dim)
        self.keys = torch.zeros(shape, dtype=dtype)
        self.values = torch.zeros(shape, dtype=dtype)
        for layer in range(layers):
            self.lengths.setdefault(layer, 0)

    def __len__(self) -> int:
        return min(self.lengths[layer] for layer in range(len(self.keys)))

    def append(
        self, layer: int, k: torch.Tensor, v: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = self.lengths[layer]
        end = start + k.shape[2]
        if end > self.keys.shape[3]:
            raise ValueError("the cache is full")
        self.keys[layer, :, :, start:end] = k.detach()
        self.values[layer, :, :, start:end] = v.detach()
        self.lengths[layer] = end
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def clear(self) -> None:
        for layer in range(len(self.keys)):
            self.lengths[layer] = 0
