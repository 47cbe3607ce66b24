"""A KV cache with lengths in a tensor, written by narrow and copy_."""

import torch


class Cache:
    """Keys and values of every layer, in memory that is allocated once."""

    def __init__(self, layers, batch, kv_heads, context, head_dim, dtype=torch.float32):
        size = [layers, batch, kv_heads, context, head_dim]
        self.keys = torch.zeros(size, dtype=dtype)
        self.values = torch.zeros_like(self.keys)
        self.filled = torch.zeros(layers, dtype=torch.int64)

    def __len__(self):
        """The tokens that every layer holds."""
        return int(self.filled.min())

    @torch.no_grad()
    def append(self, layer, k, v):
        """Write new tokens and return all."""
        past, count = int(self.filled[layer]), k.size(2)
        if past + count > self.keys.size(3):
            raise ValueError("the cache is full")
        found = []
        for storage, new in ((self.keys, k), (self.values, v)):
            storage[layer].narrow(2, past, count).copy_(new)
            found.append(storage[layer].narrow(2, 0, past + count))
        self.filled[layer] += count
        return tuple(found)

    def clear(self):
        """Forget all tokens."""
        self.filled.zero_()
