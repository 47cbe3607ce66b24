"""Multi-head attention with a loop over the heads, each cut out by a slice."""

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """Heads one after the other, joined by a last layer."""

    def __init__(self, width, heads, bias=True):
        super().__init__()
        if width % heads != 0:
            raise ValueError("the heads must share the width equally")
        self.size = width // heads
        self.query = nn.Linear(width, width, bias)
        self.key = nn.Linear(width, width, bias)
        self.value = nn.Linear(width, width, bias)
        self.out = nn.Linear(width, width, bias)

    def forward(self, x):
        """Each head on its own numbers."""
        q, k, v = self.query(x), self.key(x), self.value(x)
        seen = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).tril()
        read = []
        for first in range(0, x.shape[2], self.size):
            own = slice(first, first + self.size)
            scores = torch.bmm(q[..., own], k[..., own].transpose(1, 2)) / self.size**0.5
            scores = torch.where(seen, scores, float("-inf"))
            read.append(torch.bmm(torch.softmax(scores, -1), v[..., own]))
        return self.out(torch.cat(read, dim=-1))
