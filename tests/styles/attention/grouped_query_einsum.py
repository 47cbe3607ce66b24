"""Grouped-query attention by einsum: groups are a dimension of their own and nothing is copied."""

import torch
from torch import nn

from exercises.embeddings.rope import rope


class GroupedQueryAttention(nn.Module):
    """Queries as (sets, heads of a set), each against its set."""

    def __init__(self, width, heads, kv_heads, base=None):
        super().__init__()
        size, left = divmod(width, heads)
        if left != 0:
            raise ValueError("the heads do not share the width equally")
        if heads % kv_heads != 0:
            raise ValueError("the groups are not equal")
        self.sets, self.size, self.theta = kv_heads, size, base
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, kv_heads * size, bias=False)
        self.value = nn.Linear(width, kv_heads * size, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x):
        """Letters: g sets, r heads of a set, t queries, s keys."""
        q = self.query(x).unflatten(-1, (self.sets, -1, self.size)).permute(0, 2, 3, 1, 4)
        k = self.key(x).unflatten(-1, (self.sets, self.size)).movedim(1, 2)
        v = self.value(x).unflatten(-1, (self.sets, self.size)).movedim(1, 2)
        if self.theta:
            q, k = rope(q, 0, self.theta), rope(k, 0, self.theta)
        scores = torch.einsum("bgrtd,bgsd->bgrts", q, k) * self.size**-0.5
        future = torch.full(scores.shape[-2:], -torch.inf, dtype=scores.dtype).triu(1)
        weights = torch.softmax(scores + future, dim=-1)
        return self.out(torch.einsum("bgrts,bgsd->btgrd", weights, v).flatten(2))
