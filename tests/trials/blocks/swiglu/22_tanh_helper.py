# right: a helper with the sigmoid as half of 1 + tanh(g / 2)
import torch
from torch import nn


class SwiGLU(nn.Module):
    """Map each token's vector to the hidden dimension twice, let one gate the other, map back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    @staticmethod
    def _silu(t: torch.Tensor) -> torch.Tensor:
        return 0.5 * t * (1 + torch.tanh(0.5 * t))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down(self._silu(self.gate(x)) * self.up(x))
