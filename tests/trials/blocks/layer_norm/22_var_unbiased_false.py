# right: torch.var with unbiased=False, other names for the locals
import torch
from torch import nn


class LayerNorm(nn.Module):
    """Normalise each vector to mean 0 and variance 1, then apply a learned scale and shift."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))
        self.variance_epsilon = eps

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        mu = hidden_states.mean(-1, keepdim=True)
        sigma2 = hidden_states.var(-1, keepdim=True, unbiased=False)
        normalised = (hidden_states - mu) * torch.rsqrt(sigma2 + self.variance_epsilon)
        return self.weight * normalised + self.bias
