"""Layer normalisation reckoned in float64, with means as products with a vector of 1 / C."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    """Bring each vector to mean 0 and variance 1, then scale and shift it."""

    def __init__(self, width, eps=1e-5):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))
        self.width, self.variance_epsilon = width, eps

    def forward(self, x):
        """Normalise every vector."""
        wide = x.double()
        share = torch.full((self.width,), 1 / self.width, dtype=torch.float64)
        centred = wide - torch.einsum("...c,c->...", wide, share).unsqueeze(-1)
        var = torch.einsum("...c,...c,c->...", centred, centred, share)[..., None]
        normal = centred / (var + self.variance_epsilon) ** 0.5
        return (normal * self.weight + self.bias).to(x.dtype)
