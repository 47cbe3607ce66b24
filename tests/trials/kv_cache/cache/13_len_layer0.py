# wrong: len is the length of layer 0 | violates: ``len(cache)`` is the number of tokens that every layer holds: the smallest of the L lengths.
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
        self.lengths = [0] * layers

    def __len__(self) -> int:
        return self.lengths[0]

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
        self.lengths = [0] * len(self.lengths)
