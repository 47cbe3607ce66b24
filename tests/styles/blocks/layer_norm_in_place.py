"""Layer normalisation vector by vector, in a buffer of its own."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    """Bring each vector to mean 0 and variance 1, then scale and shift it."""

    def __init__(self, width, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))
        self.bias = nn.Parameter(torch.empty(width))
        self._eps = eps
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x):
        """Normalise every vector."""
        rows = x.reshape(-1, x.shape[-1])
        out = torch.empty_like(rows)
        for i, row in enumerate(rows):
            centred = row - row.sum() / len(row)
            deviation = torch.sqrt(centred.square().sum() / len(row) + self._eps)
            out[i] = centred / deviation
        return (out * self.weight + self.bias).view(x.shape)
