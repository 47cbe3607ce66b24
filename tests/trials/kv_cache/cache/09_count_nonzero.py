# wrong: finds the length by counting non-zero keys, so a key of zeros is not counted | violates: ``len(cache)`` is the number of tokens that every layer holds
"""A KV cache that is allocated once."""

import torch


class Cache:
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

    def __len__(self) -> int:
        return min(self.length(layer) for layer in range(len(self.keys)))

    def length(self, layer: int) -> int:
        return int((self.keys[layer] != 0).any(-1).any(0).any(0).sum())

    def append(
        self, layer: int, k: torch.Tensor, v: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = self.length(layer)
        end = start + k.shape[2]
        if end > self.keys.shape[3]:
            raise ValueError("the cache is full")
        self.keys[layer, :, :, start:end] = k.detach()
        self.values[layer, :, :, start:end] = v.detach()
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def clear(self) -> None:
        self.keys.zero_()
        self.values.zero_()
