# right: the attention head of a video lecture, masked_fill and F.softmax
import math

import torch
from torch import nn
from torch.nn import functional as F


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, head, bias=False)
        self.key = nn.Linear(width, head, bias=False)
        self.value = nn.Linear(width, head, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, C = x.shape
        k = self.key(x)
        q = self.query(x)
        wei = q @ k.transpose(-2, -1) * (1.0 / math.sqrt(k.size(-1)))
        future = torch.triu(torch.ones(T, T, dtype=torch.bool, device=x.device), diagonal=1)
        wei = wei.masked_fill(future, float("-inf"))
        return F.softmax(wei, dim=-1) @ self.value(x)
