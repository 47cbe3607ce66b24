# right: unflatten and einsum, softmax in float32 as in HF
import math

import torch
from torch import nn
from torch.nn import functional as F


class MultiHeadAttention(nn.Module):
    """Compute causal self-attention with H heads."""

    def __init__(self, width: int, heads: int, bias: bool = True) -> None:
        super().__init__()
        if width % heads != 0:
            raise ValueError(f"{heads} heads do not divide a width of {width}")
        self.heads = heads
        self.query = nn.Linear(width, width, bias=bias)
        self.key = nn.Linear(width, width, bias=bias)
        self.value = nn.Linear(width, width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q = self.query(x).unflatten(-1, (self.heads, -1))
        k = self.key(x).unflatten(-1, (self.heads, -1))
        v = self.value(x).unflatten(-1, (self.heads, -1))
        scores = torch.einsum("bihd,bjhd->bhij", q, k) / math.sqrt(q.shape[-1])
        position = torch.arange(x.shape[1], device=x.device)
        allowed = position[:, None] >= position
        scores = torch.where(allowed, scores, float("-inf"))
        work = torch.promote_types(torch.float32, x.dtype)
        weights = F.softmax(scores, dim=-1, dtype=work).to(x.dtype)
        return self.out(torch.einsum("bhij,bjhd->bihd", weights, v).flatten(-2))
