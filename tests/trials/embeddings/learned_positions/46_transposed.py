# wrong: table of shape (C, context) | violates: weight of shape (context, C)
"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add a learned position embedding to each token's vector."""

    def __init__(self, context: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width, context, dtype=torch.float32) * 0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the position embeddings to ``x``."""
        T = x.shape[1]
        if T > self.weight.shape[1]:
            raise ValueError(f"{T} positions, but the table has {self.weight.shape[1]}")
        return x + self.weight[:, :T].T
