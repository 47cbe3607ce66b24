# wrong: positions count from 1, the last wraps to row 0 | violates: output[b, t] = x[b, t] + weight[t]
"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add a learned position embedding to each token's vector."""

    def __init__(self, context: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        rows = torch.normal(0.0, 0.02, size=(context, width), dtype=torch.float32)
        self.weight = nn.Parameter(rows)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the position embeddings to ``x``."""
        if x.shape[1] > len(self.weight):
            raise ValueError("too many tokens")
        columns = []
        for t in range(x.shape[1]):
            columns.append(x[:, t] + self.weight[(t + 1) % len(self.weight)])
        return torch.stack(columns, dim=1)
