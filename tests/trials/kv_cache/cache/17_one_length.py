# wrong: one length for all layers, advanced by the last layer | violates: Each layer has a length of its own, which is 0 at first; the layers may be served in any order.
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
        self.length = 0
        self.layers = layers

    def __len__(self) -> int:
        return self.length

    def append(
        self, layer: int, k: torch.Tensor, v: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = self.length
        end = start + k.shape[2]
        if end > self.keys.shape[3]:
            raise ValueError("the cache is full")
        self.keys[layer, :, :, start:end] = k.detach()
        self.values[layer, :, :, start:end] = v.detach()
        if layer == self.layers - 1:
            self.length = end
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def clear(self) -> None:
        self.length = 0
