# wrong: takes the mean square along the second dimension from the end | violates: "For each vector x along the last dimension"
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
        dim = -2 if x.dim() > 1 else -1
        ms = work.pow(2).mean(dim=dim, keepdim=True)
        return (work / torch.sqrt(ms + self.eps) * self.weight).to(x.dtype)
