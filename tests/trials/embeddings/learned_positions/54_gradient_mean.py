# wrong: gradient averaged over the batch | violates: a row's gradient is the sum over the batch, and 0 for a position that is not used
"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class _AddRows(torch.autograd.Function):
    """Add rows to each sequence, with gradients."""

    @staticmethod
    def forward(ctx, x, weight):
        """Return the sums."""
        ctx.rows = weight.shape[0]
        return x + weight[: x.shape[1]]

    @staticmethod
    def backward(ctx, grad_output):
        """Return the gradients of both."""
        grad = grad_output.new_zeros(ctx.rows, grad_output.shape[2])
        grad[: grad_output.shape[1]] = grad_output.mean(dim=0)
        return grad_output, grad


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
        return _AddRows.apply(x, self.weight)
