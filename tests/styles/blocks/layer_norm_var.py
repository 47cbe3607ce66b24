"""Layer normalisation by the library's own mean and variance."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    """Bring each vector to mean 0 and variance 1, then scale and shift it."""

    def __init__(self, width, eps=1e-5):
        super().__init__()
        self.small = eps
        self.register_parameter("weight", nn.Parameter(torch.ones(width)))
        self.register_parameter("bias", nn.Parameter(torch.zeros(width)))

    def forward(self, x):
        """Normalise every vector."""
        var, mean = torch.var_mean(x, dim=-1, unbiased=False, keepdim=True)
        return torch.addcmul(self.bias, (x - mean) * torch.rsqrt(var + self.small), self.weight)
