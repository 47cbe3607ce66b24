# right: computes in float32, also for float64
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
        y = x.float()
        mean = y.mean(dim=-1, keepdim=True)
        var = (y - mean).square().mean(dim=-1, keepdim=True)
        y = (y - mean) * torch.rsqrt(var + self.eps)
        return y.to(x.dtype) * self.weight + self.bias
