# right: Llama style with a _norm helper and rsqrt, promoted dtype
import torch
from torch import nn


class RMSNorm(nn.Module):
    """Scale each vector to a root mean square of 1, then apply a learned scale."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.variance_epsilon = eps
        self.weight = nn.Parameter(torch.ones(width))

    def _norm(self, hidden: torch.Tensor) -> torch.Tensor:
        variance = hidden.pow(2).mean(-1, keepdim=True)
        return hidden * torch.rsqrt(variance + self.variance_epsilon)

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        compute = torch.promote_types(hidden_states.dtype, torch.float32)
        output = self._norm(hidden_states.to(compute)) * self.weight.to(compute)
        return output.type_as(hidden_states)
