"""A KV cache of layers: an object for each, which writes into its part of the storage."""

from dataclasses import dataclass

import torch


@dataclass
class _Layer:
    keys: torch.Tensor
    values: torch.Tensor
    length: int = 0


class Cache:
    """Keys and values of every layer, in memory that is allocated once."""

    def __init__(self, layers, batch, kv_heads, context, head_dim, dtype=torch.float32):
        both = torch.zeros(2, layers, batch, kv_heads, context, head_dim, dtype=dtype)
        self.keys, self.values = both.unbind()
        self._layers = [_Layer(k, v) for k, v in zip(self.keys, self.values, strict=True)]

    def __len__(self):
        """The tokens that every layer holds."""
        return min(layer.length for layer in self._layers)

    def append(self, layer, k, v):
        """Write new tokens and return all."""
        own = self._layers[layer]
        end = own.length + k.shape[2]
        if end > own.keys.shape[2]:
            raise ValueError("too many tokens")
        own.keys.narrow(2, own.length, k.shape[2])[:] = k
        own.values.narrow(2, own.length, v.shape[2])[:] = v
        own.length = end
        return own.keys[:, :, :end], own.values[:, :, :end]

    def clear(self):
        """Forget all tokens."""
        for layer in self._layers:
            layer.length = 0
