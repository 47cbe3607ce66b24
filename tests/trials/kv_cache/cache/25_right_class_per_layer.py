# right: class per layer
import torch


class Layer:
    """The part of one layer: two views of the storage, and a length."""

    def __init__(self, keys, values):
        self.keys, self.values, self.length = keys, values, 0

    def append(self, k, v):
        new = k.shape[-2]
        if self.length + new > self.keys.shape[-2]:
            raise ValueError("no room for the new tokens")
        places = torch.arange(self.length, self.length + new)
        self.keys.index_copy_(2, places, k.detach())
        self.values.index_copy_(2, places, v.detach())
        self.length += new
        return self.keys[..., : self.length, :], self.values[..., : self.length, :]


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
        both = torch.zeros(2, layers, batch, kv_heads, context, head_dim, dtype=dtype)
        self.keys, self.values = both[0], both[1]
        self.parts = [Layer(k, v) for k, v in zip(self.keys, self.values, strict=True)]

    def __len__(self) -> int:
        return min(part.length for part in self.parts)

    def append(self, layer, k, v):
        return self.parts[layer].append(k, v)

    def clear(self) -> None:
        for part in self.parts:
            part.length = 0
