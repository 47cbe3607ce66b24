# right: float64 inside, var_mean, cast back, addcmul
import torch
from torch import nn


class LayerNorm(nn.Module):
    """Normalise each vector to mean 0 and variance 1, then apply a learned scale and shift."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.width = width
        self.weight = nn.Parameter(torch.empty(width))
        self.bias = nn.Parameter(torch.empty(width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wide = x.double()
        var, mean = torch.var_mean(wide, dim=-1, keepdim=True, correction=0)
        normed = ((wide - mean) / (var + self.eps).sqrt()).to(x.dtype)
        return torch.addcmul(self.bias, normed, self.weight)

    def extra_repr(self) -> str:
        return f"{self.width}, eps={self.eps}"
