"""A rolling KV cache whose ring is unrolled into the order of the tokens, with an earlier mask."""

import torch

from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.attention.sliding_window import sliding_window_mask


class RollingCache:
    """Sliding-window attention from rings of the last tokens."""

    def __init__(self, layers, batch, kv_heads, window, head_dim, dtype=torch.float32):
        shape = (layers, batch, kv_heads, window, head_dim)
        self.keys, self.values = (torch.zeros(shape, dtype=dtype) for _ in range(2))
        self._seen = torch.zeros(layers, dtype=torch.int64)

    def attend(self, layer, q, k, v):
        """The output for new tokens."""
        window, past, count = self.keys.shape[3], int(self._seen[layer]), k.shape[2]
        held = min(past, window)
        order = torch.arange(past - held, past) % window
        keys = torch.cat([self.keys[layer][:, :, order], k], dim=2)
        values = torch.cat([self.values[layer][:, :, order], v], dim=2)
        mask = sliding_window_mask(count, held + count, window=window)
        group = q.shape[1] // k.shape[1]
        wide = (part.repeat_interleave(group, dim=1) for part in (keys, values))
        for t in range(max(0, count - window), count):
            self.keys[layer, :, :, (past + t) % window] = k[:, :, t]
            self.values[layer, :, :, (past + t) % window] = v[:, :, t]
        self._seen[layer] += count
        return scaled_dot_product(q, *wide, mask)
