"""Learned positions added token by token."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """A table whose rows are added one after the other."""

    def __init__(self, context, width):
        super().__init__()
        self.context = context
        self.weight = nn.Parameter(torch.normal(0.0, 0.02, (context, width)))

    def forward(self, x):
        """Add row t to token t of each sequence."""
        if x.size(1) > self.context:
            raise ValueError(f"{x.size(1)} tokens, {self.context} positions")
        return torch.stack([x[:, t] + self.weight[t] for t in range(x.size(1))], dim=1)
