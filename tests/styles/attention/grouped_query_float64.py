"""Grouped-query attention in float64 inside, with expand in place of a copy."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.embeddings.rope import rope


class GroupedQueryAttention(MultiHeadAttention):
    """Multi-head attention with smaller layers for keys and values."""

    def __init__(self, width, heads, kv_heads, base=None):
        super().__init__(width, heads, bias=False)
        if heads % kv_heads:
            raise ValueError("the groups are not equal")
        small = width // heads * kv_heads
        self.key = nn.Linear(width, small, bias=False)
        self.value = nn.Linear(width, small, bias=False)
        self.shape = (heads, kv_heads, width // heads)
        self.base = base

    def forward(self, x):
        """Products in float64, the result in the dtype of x."""
        heads, sets, size = self.shape
        b, t, c = x.shape
        q = self.query(x).double().view(b, t, heads, size).transpose(1, 2)
        k = self.key(x).double().view(b, t, sets, size).transpose(1, 2)
        v = self.value(x).double().view(b, t, sets, size).transpose(1, 2)
        if self.base is not None:
            q = rope(q, base=self.base)
            k = rope(k, base=self.base)
        wide = (b, sets, heads // sets, t, size)
        k = k.unsqueeze(2).expand(wide).reshape(b, heads, t, size)
        v = v.unsqueeze(2).expand(wide).reshape(b, heads, t, size)
        scores = q @ k.transpose(2, 3)
        scores *= size**-0.5
        scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), float("-inf"))
        read = torch.softmax(scores, 3) @ v
        return self.out(read.permute(0, 2, 1, 3).reshape(b, t, c).to(x.dtype))
