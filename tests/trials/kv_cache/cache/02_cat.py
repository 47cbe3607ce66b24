# wrong: grows by torch.cat: the storage starts empty and is replaced | violates: which are never replaced, moved or enlarged
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
        self.context = context
        self.keys = [torch.zeros(batch, kv_heads, 0, head_dim, dtype=dtype) for _ in range(layers)]
        self.values = [torch.zeros(batch, kv_heads, 0, head_dim, dtype=dtype) for _ in range(layers)]
        self.lengths = [0] * layers

    def __len__(self) -> int:
        return min(self.lengths)

    def append(
        self, layer: int, k: torch.Tensor, v: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        start = self.lengths[layer]
        end = start + k.shape[2]
        if end > self.context:
            raise ValueError("the cache is full")
        self.keys[layer] = torch.cat([self.keys[layer], k.detach()], dim=2)
        self.values[layer] = torch.cat([self.values[layer], v.detach()], dim=2)
        self.lengths[layer] = end
        return self.keys[layer], self.values[layer]

    def clear(self) -> None:
        self.keys = [x[:, :, :0] for x in self.keys]
        self.values = [x[:, :, :0] for x in self.values]
        self.lengths = [0] * len(self.lengths)
