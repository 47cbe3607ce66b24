# wrong: a token reads W - 1 tokens only, itself included; with W = 1 only itself | violates: It attends to itself and to the W - 1 tokens before it, or to all if there are fewer
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
        keys = keys.repeat_interleave(group, dim=1)
        values = values.repeat_interleave(group, dim=1)
        rows = fresh[:, None]
        allowed = (tokens >= 0) & ((tokens > rows - window + 1) | (tokens == rows)) & (tokens <= rows)
        scores = q @ keys.transpose(-1, -2) / math.sqrt(q.shape[-1])
        weights = scores.masked_fill(~allowed, -math.inf).softmax(dim=-1)
        output = weights @ values
        stay = min(new, window)
        index = fresh[-stay:] % window
        self.keys[layer, :, :, index] = k[:, :, -stay:]
        self.values[layer, :, :, index] = v[:, :, -stay:]
        self.seen[layer] = start + new
        return output
