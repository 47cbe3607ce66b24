# right: torch.linalg.vector_norm, its square divided by C
import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector to a root mean square of 1, then apply a learned scale."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))

    @staticmethod
    def _mean_square(t: torch.Tensor) -> torch.Tensor:
        return torch.linalg.vector_norm(t, dim=-1, keepdim=True) ** 2 / t.shape[-1]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        dtype = x.dtype
        if dtype in (torch.float16, torch.bfloat16):
            x = x.to(torch.float32)
        y = x / torch.sqrt(self._mean_square(x) + self.eps)
        return (y * self.weight).to(dtype)
