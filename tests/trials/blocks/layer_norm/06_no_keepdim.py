# wrong: the statistics lose their dimension and are broadcast along the wrong one | violates: "y_i = (x_i - mean) / sqrt(var + eps) * weight_i + bias_i"
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
        mean = x.mean(dim=-1)
        var = x.var(dim=-1, unbiased=False)
        return (x - mean) / torch.sqrt(var + self.eps) * self.weight + self.bias
