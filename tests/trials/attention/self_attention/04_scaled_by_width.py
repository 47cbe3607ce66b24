# wrong: divides by the root of the embedding dimension C instead of D | violates: "p_ij = softmax over those j of (q_i . k_j / sqrt(D))"
import math

import torch
from torch import nn
from torch.nn import functional as F

from exercises.attention.causal_mask import causal_mask


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, head, bias=False)
        self.key = nn.Linear(width, head, bias=False)
        self.value = nn.Linear(width, head, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, C = x.shape
        q, k, v = self.query(x), self.key(x), self.value(x)
        wei = q @ k.transpose(-2, -1) * C**-0.5
        wei = wei.masked_fill(~causal_mask(T), float("-inf"))
        wei = F.softmax(wei, dim=-1)
        return wei @ v
