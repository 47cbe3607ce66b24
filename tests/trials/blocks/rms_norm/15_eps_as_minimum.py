# wrong: takes the larger of mean square and eps instead of their sum | violates: "y_i = x_i / sqrt(ms + eps) * weight_i"
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
        ms = work.pow(2).mean(dim=-1, keepdim=True).clamp(min=self.eps)
        return (work / torch.sqrt(ms) * self.weight).to(x.dtype)
