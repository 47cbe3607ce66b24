# wrong: always adds 1e-5 | violates: "eps: the number added to the mean square, above 0."
import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector to a root mean square of 1, then apply a learned scale."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        work = x if x.dtype == torch.float64 else x.float()
        ms = work.pow(2).mean(dim=-1, keepdim=True)
        return (work / torch.sqrt(ms + 1e-5) * self.weight).to(x.dtype)
