# right: sums divided by C, einsum for the squares
import torch
from torch import nn


class LayerNorm(nn.Module):
    """Normalise each vector to mean 0 and variance 1, then apply a learned scale and shift."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def _centre(self, x):
        return x - x.sum(-1, keepdim=True) / x.size(-1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        d = self._centre(x)
        variance = torch.einsum("...i,...i->...", d, d) / d.size(-1)
        inverse = (variance + self.eps).pow(-0.5).unsqueeze(-1)
        return d * inverse * self.weight + self.bias
