# wrong: repeat instead of repeat_interleave: query head h reads head h mod K | violates: Query head h reads key-value head h // (H / K).
"""A rolling KV cache."""

import math

import torch


class RollingCache:
    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        window: int,
        head_dim: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        shape = (layers, batch, kv_heads, window, head_dim)
        self.keys = torch.zeros(shape, dtype=dtype)
        self.values = torch.zeros(shape, dtype=dtype)
        self.seen = [0] * layers

    @torch.no_grad()
    def attend(self, layer: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        window, start, new = self.keys.shape[3], self.seen[layer], k.shape[2]
        places = torch.arange(window)
        old = start - 1 - (start - 1 - places) % window  # the token at each place, below 0: none
        fresh = torch.arange(start, start + new)
        tokens = torch.cat([old, fresh])
        keys = torch.cat([self.keys[layer], k], dim=2)
        values = torch.cat([self.values[layer], v], dim=2)
        group = q.shape[1] // k.shape[1]
        keys = keys.repeat(1, group, 1, 1)
        values = values.repeat(1, group, 1, 1)
        rows = fresh[:, None]
        allowed = (tokens >= 0) & (tokens > rows - window) & (tokens <= rows)
        scores = q @ keys.transpose(-1, -2) / math.sqrt(q.shape[-1])
        weights = scores.masked_fill(~allowed, -math.inf).softmax(dim=-1)
        output = weights @ values
        stay = min(new, window)
        index = fresh[-stay:] % window
        self.keys[layer, :, :, index] = k[:, :, -stay:]
        self.values[layer, :, :, index] = v[:, :, -stay:]
        self.seen[layer] = start + new
        return output
