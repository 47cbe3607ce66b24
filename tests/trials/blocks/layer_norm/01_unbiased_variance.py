# wrong: torch.var with its default divides by C - 1 | violates: "The variance is divided by C, not by C - 1."
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
        if x.shape[-1] > 1:
            var = x.var(dim=-1, keepdim=True)
        else:
            var = torch.zeros_like(mean)
        return (x - mean) / torch.sqrt(var + self.eps) * self.weight + self.bias
