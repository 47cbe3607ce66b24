"""RMS norm as Llama's code has it: float32 inside, rsqrt, the weight last."""

import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scales each vector by its root mean square."""

    def __init__(self, width: int, eps: float = 1e-5):
        super().__init__()
        self.variance_epsilon = eps
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        """In float32, and back."""
        before = x.dtype
        x = x.to(torch.float32)
        variance = x.pow(2).mean(-1, keepdim=True)
        return self.weight * (x * torch.rsqrt(variance + self.variance_epsilon)).to(before)
