"""A rolling KV cache, one new token after the other: write, then read the ring as it stands."""

import torch


class RollingCache:
    """Sliding-window attention from rings of the last tokens."""

    def __init__(self, layers, batch, kv_heads, window, head_dim, dtype=torch.float32):
        self.window = window
        self.keys = torch.zeros(layers, batch, kv_heads, window, head_dim, dtype=dtype)
        self.values = torch.zeros_like(self.keys)
        self.seen = [0] * layers

    def attend(self, layer, q, k, v):
        """The output for new tokens."""
        outputs = []
        for t in range(q.shape[2]):
            place = self.seen[layer] % self.window
            self.keys[layer, :, :, place] = k[:, :, t]
            self.values[layer, :, :, place] = v[:, :, t]
            self.seen[layer] += 1
            full = min(self.seen[layer], self.window)
            keys, values = self.keys[layer, :, :, :full], self.values[layer, :, :, :full]
            one = q[:, :, t].unflatten(1, (k.shape[1], -1))  # (B, K, G, D)
            weights = torch.softmax(one @ keys.transpose(2, 3) / q.shape[3] ** 0.5, dim=-1)
            outputs.append((weights @ values).flatten(1, 2))
        return torch.stack(outputs, dim=2)
