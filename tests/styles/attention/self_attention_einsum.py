"""Self-attention by einsum, with a triangle of minus infinity added to the scores."""

import torch
from torch import nn


class SelfAttention(nn.Module):
    """Each token reads itself and those before it."""

    def __init__(self, width, head):
        super().__init__()
        self.scale = head**-0.5
        self.query, self.key, self.value = (nn.Linear(width, head, bias=False) for _ in range(3))

    def forward(self, x):
        """All sequences at once."""
        q = torch.einsum("btc,dc->btd", x, self.query.weight)
        k = torch.einsum("btc,dc->btd", x, self.key.weight)
        v = torch.einsum("btc,dc->btd", x, self.value.weight)
        future = torch.full((x.size(1), x.size(1)), float("-inf"), dtype=x.dtype).triu(1)
        scores = torch.einsum("btd,bsd->bts", q, k) * self.scale + future
        return torch.einsum("bts,bsd->btd", torch.softmax(scores, dim=2), v)
