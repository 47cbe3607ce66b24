"""A KV cache that writes one token after the other, with a dictionary of lengths."""

import torch


class Cache:
    """Keys and values of every layer, in memory that is allocated once."""

    def __init__(self, layers, batch, kv_heads, context, head_dim, dtype=torch.float32):
        self.layers, self.context = layers, context
        self.keys = torch.zeros(layers, batch, kv_heads, context, head_dim, dtype=dtype)
        self.values = torch.zeros(layers, batch, kv_heads, context, head_dim, dtype=dtype)
        self.lengths = {}

    def __len__(self):
        """The tokens that every layer holds."""
        return min(self.lengths.get(layer, 0) for layer in range(self.layers))

    def append(self, layer, k, v):
        """Write new tokens and return all."""
        at = self.lengths.get(layer, 0)
        if self.context - at < k.shape[-2]:
            raise ValueError(f"no room for {k.shape[-2]} tokens after {at}")
        for t in range(k.shape[-2]):
            self.keys[layer, ..., at, :] = k[..., t, :]
            self.values[layer, ..., at, :] = v[..., t, :]
            at += 1
        self.lengths[layer] = at
        return self.keys[layer, ..., :at, :], self.values[layer, ..., :at, :]

    def clear(self):
        """Forget all tokens; the storage is set to 0 too."""
        self.lengths.clear()
        self.keys.zero_()
        self.values.zero_()
