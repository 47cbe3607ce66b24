# wrong: row b instead of row t | violates: output[b, t] = x[b, t] + weight[t]
"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add a learned position embedding to each token's vector."""

    def __init__(self, context: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(context, width, dtype=torch.float32) * 0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the position embeddings to ``x``."""
        T = x.shape[1]
        if T > self.weight.shape[0]:
            raise ValueError(f"{T} positions, but the table has {self.weight.shape[0]}")
        rows = torch.arange(x.shape[0], device=x.device) % self.weight.shape[0]
        return x + self.weight[rows].unsqueeze(1)
