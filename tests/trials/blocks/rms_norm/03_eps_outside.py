# wrong: adds eps outside the root | violates: "``eps`` is added inside the root"
import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector to a root mean square of 1, then apply a learned scale."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        work = x if x.dtype == torch.float64 else x.float()
        rms = work.square().mean(-1, keepdim=True).sqrt()
        return (work / (rms + self.eps) * self.weight).to(x.dtype)
