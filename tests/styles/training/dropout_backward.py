"""Dropout as a function of autograd's, with a backward of its own."""

import torch
from torch import nn


class _Multiply(torch.autograd.Function):
    """Multiply by a constant mask."""

    @staticmethod
    def forward(ctx, x, mask):
        """Return the product, and keep the mask."""
        ctx.save_for_backward(mask)
        return x * mask

    @staticmethod
    def backward(ctx, upstream):
        """Multiply the gradient by the same mask."""
        (mask,) = ctx.saved_tensors
        return upstream * mask, None


class Dropout(nn.Module):
    """Set random elements to 0 during training."""

    def __init__(self, p, seed):
        nn.Module.__init__(self)
        if p != min(max(p, 0), 1):
            raise ValueError("p is a probability")
        self.p = float(p)
        self.source = torch.Generator(device="cpu").manual_seed(seed)

    def forward(self, x):
        """Return x with random elements set to 0."""
        if not self.training:
            return x
        mask = torch.zeros(x.shape, dtype=x.dtype)
        if self.p < 1.0:
            drawn = torch.rand(x.numel(), generator=self.source, dtype=torch.float64)
            mask[(drawn >= self.p).view(x.shape)] = 1.0 / (1.0 - self.p)
        return _Multiply.apply(x, mask)
