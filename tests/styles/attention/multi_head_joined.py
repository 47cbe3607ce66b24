"""Multi-head attention with the three weights joined for one product, and heads in the batch."""

import torch
from torch import nn
from torch.nn import functional


class MultiHeadAttention(nn.Module):
    """Heads as more sequences of the batch, in float64 inside."""

    def __init__(self, width, heads, bias=True):
        super().__init__()
        if width < heads or width % heads:
            raise ValueError("the heads must share the width equally")
        self.n_head = heads
        self.query = nn.Linear(width, width, bias=bias)
        self.key = nn.Linear(width, width, bias=bias)
        self.value = nn.Linear(width, width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)

    def forward(self, x):
        """One wide product, cut in three."""
        layers = (self.query, self.key, self.value)
        weight = torch.cat([layer.weight for layer in layers])
        bias = torch.cat([layer.bias for layer in layers]) if self.out.bias is not None else None
        joined = functional.linear(x, weight, bias).double()
        b, t, c = x.shape
        q, k, v = (
            part.view(b, t, self.n_head, -1).permute(0, 2, 1, 3).reshape(b * self.n_head, t, -1)
            for part in joined.chunk(3, dim=-1)
        )
        scores = torch.baddbmm(
            torch.zeros(1, 1, 1, dtype=q.dtype), q, k.mT, alpha=q.shape[2] ** -0.5
        )
        scores = scores + torch.full((t, t), -torch.inf, dtype=q.dtype).triu(1)
        read = (scores.softmax(-1) @ v).view(b, self.n_head, t, -1).permute(0, 2, 1, 3)
        return self.out(read.contiguous().view(b, t, c).to(x.dtype))
