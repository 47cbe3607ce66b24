# wrong: a repeated token keeps only one position's gradient | violates: a row's gradient is the sum over all positions of its token
"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class _Lookup(torch.autograd.Function):
    """Rows of a table, with a gradient."""

    @staticmethod
    def forward(ctx, weight, ids):
        """Return the rows."""
        ctx.save_for_backward(ids)
        ctx.size = weight.shape
        return weight[ids]

    @staticmethod
    def backward(ctx, grad_output):
        """Return the gradient of the table."""
        (ids,) = ctx.saved_tensors
        grad = grad_output.new_zeros(ctx.size)
        grad[ids] = grad_output
        return grad, None


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id."""

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocabulary, width, dtype=torch.float32).normal_(0.0, 0.02))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``."""
        if ((ids < 0) | (ids >= self.weight.shape[0])).any():
            raise IndexError("token id out of range")
        return _Lookup.apply(self.weight, ids)
