# wrong: evaluation mode uses a copy from the start | violates: training and evaluation mode compute the same
"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add a learned position embedding to each token's vector."""

    def __init__(self, context: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(context, width, dtype=torch.float32) * 0.02)
        self.fixed = self.weight.detach().clone()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the position embeddings to ``x``."""
        T = x.shape[1]
        if T > self.weight.shape[0]:
            raise ValueError(f"{T} positions, but the table has {self.weight.shape[0]}")
        table = self.weight if self.training else self.fixed.to(x.dtype)
        return x + table[:T]
