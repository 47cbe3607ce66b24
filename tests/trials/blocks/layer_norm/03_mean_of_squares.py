# wrong: computes the variance as mean of squares minus square of the mean, which cancels near 1e4 | violates: "a vector with a mean of 1e4 and a standard deviation of at least 15 is normalised with an error of at most 1e-3 per number"
import torch
from torch import nn


class LayerNorm(nn.Module):
    """Normalise each vector to mean 0 and variance 1, then apply a learned scale and shift."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean = x.mean(dim=-1, keepdim=True)
        var = (x**2).mean(dim=-1, keepdim=True) - mean**2
        var = var.clamp(min=0.0)
        return (x - mean) / (var + self.eps).sqrt() * self.weight + self.bias
