# wrong: the weight starts as zeros and 1 is added to it, as in Gemma | violates: "is the module's only parameter and starts as ones"
import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector to a root mean square of 1, then apply a learned scale."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.zeros(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        work = x if x.dtype == torch.float64 else x.float()
        normed = work * torch.rsqrt(work.pow(2).mean(-1, keepdim=True) + self.eps)
        return (normed * (1 + self.weight.to(work.dtype))).to(x.dtype)
