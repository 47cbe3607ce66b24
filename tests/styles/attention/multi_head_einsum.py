"""Multi-head attention by einsum, with heads left behind the tokens all the way."""

import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """Heads side by side, joined by a last layer."""

    def __init__(self, width, heads, bias=True):
        super().__init__()
        size, left = divmod(width, heads)
        if left:
            raise ValueError(f"{left} numbers are left over")
        self.cut = (heads, size)
        self.query, self.key, self.value, self.out = (
            nn.Linear(width, width, bias=bias) for _ in range(4)
        )

    def forward(self, x):
        """One einsum for the scores and one for what is read."""
        b, t, c = x.shape
        q = self.query(x).reshape(b, t, *self.cut)
        k = self.key(x).reshape(b, t, *self.cut)
        v = self.value(x).reshape(b, t, *self.cut)
        scores = torch.einsum("bthd,bshd->bhts", q, k) / self.cut[1] ** 0.5
        future = torch.ones(t, t, dtype=torch.bool).triu(diagonal=1)
        weights = scores.masked_fill(future, float("-inf")).softmax(dim=-1)
        return self.out(torch.einsum("bhts,bshd->bthd", weights, v).reshape(b, t, c))
