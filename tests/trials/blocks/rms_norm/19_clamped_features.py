# wrong: clamps the features to 255 before squaring so that float16 does not overflow | violates: "features in the thousands, whose squares overflow float16, are no exception"
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
        small = work.clamp(-255.0, 255.0) if x.dtype == torch.float16 else work
        ms = small.pow(2).mean(dim=-1, keepdim=True)
        return (work / torch.sqrt(ms + self.eps) * self.weight).to(x.dtype)
