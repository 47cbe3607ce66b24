"""Grouped-query attention with a loop over the heads, and positions by hand."""

import torch
from torch import nn


class GroupedQueryAttention(nn.Module):
    """Heads one after the other; each looks up its set of keys and values."""

    def __init__(self, width, heads, kv_heads, base=None):
        super().__init__()
        if width % heads or heads % kv_heads:
            raise ValueError("heads are left over")
        self.heads, self.kv_heads, self.base = heads, kv_heads, base
        size = width // heads
        self.query = nn.Linear(width, heads * size, bias=False)
        self.key = nn.Linear(width, kv_heads * size, bias=False)
        self.value = nn.Linear(width, kv_heads * size, bias=False)
        self.out = nn.Linear(heads * size, width, bias=False)

    def forward(self, x):
        """Each head with the set of its group."""
        queries = self.query(x).chunk(self.heads, dim=2)
        keys = self.key(x).chunk(self.kv_heads, dim=2)
        values = self.value(x).chunk(self.kv_heads, dim=2)
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        read = []
        for h, q in enumerate(queries):
            g = h * self.kv_heads // self.heads
            scores = self._turned(q) @ self._turned(keys[g]).transpose(1, 2)
            scores = (scores / q.shape[2] ** 0.5).masked_fill(future, float("-inf"))
            read.append(scores.softmax(dim=2) @ values[g])
        return self.out(torch.cat(read, dim=2))

    def _turned(self, x):
        if self.base is None:
            return x
        size = x.shape[2]
        speed = self.base ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
        angle = torch.arange(x.shape[1], dtype=x.dtype)[:, None] * speed
        angle = torch.cat([angle, angle], dim=1)
        crossed = torch.cat([-x[..., size // 2 :], x[..., : size // 2]], dim=-1)
        return x * angle.cos() + crossed * angle.sin()
