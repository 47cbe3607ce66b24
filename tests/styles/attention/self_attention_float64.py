"""Self-attention in float64 inside, with a buffer for the mask that grows as it is needed."""

import torch
from torch import nn


class SelfAttention(nn.Module):
    """Each token reads itself and those before it."""

    def __init__(self, width, head):
        super().__init__()
        self.value = nn.Linear(width, head, bias=False)
        self.key = nn.Linear(width, head, bias=False)
        self.query = nn.Linear(width, head, bias=False)
        self.register_buffer("seen", torch.ones(4, 4, dtype=torch.bool).tril(), persistent=False)

    def forward(self, x):
        """Products in float64, the result in the dtype of x."""
        length = x.shape[-2]
        if length > len(self.seen):
            self.seen = torch.ones(length, length, dtype=torch.bool).tril()
        q, k, v = (layer(x).double() for layer in (self.query, self.key, self.value))
        weights = (q @ k.mT).div_(q.shape[-1] ** 0.5)
        weights = weights.masked_fill(~self.seen[:length, :length], -torch.inf).softmax(dim=-1)
        return (weights @ v).to(x.dtype)
