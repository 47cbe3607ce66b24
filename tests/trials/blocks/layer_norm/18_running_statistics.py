# wrong: keeps running statistics and uses them in evaluation mode | violates: "training and evaluation mode compute the same"
import torch
from torch import nn


class LayerNorm(nn.Module):
    """Normalise each vector to mean 0 and variance 1, then apply a learned scale and shift."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.running_mean, self.running_var = 0.0, 1.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            mean = x.mean(dim=-1, keepdim=True)
            var = x.var(dim=-1, keepdim=True, unbiased=False)
            self.running_mean = 0.9 * self.running_mean + 0.1 * mean.mean().item()
            self.running_var = 0.9 * self.running_var + 0.1 * var.mean().item()
        else:
            mean, var = self.running_mean, torch.tensor(self.running_var, dtype=x.dtype)
        return (x - mean) / torch.sqrt(var + self.eps) * self.weight + self.bias
