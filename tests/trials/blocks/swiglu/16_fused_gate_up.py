# wrong: keeps gate and up in one layer | violates: "``gate`` and ``up`` are ``nn.Linear`` layers from C to F features"
import torch
from torch import nn


class SwiGLU(nn.Module):
    """Map each token's vector to the hidden dimension twice, let one gate the other, map back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        g, u = self.gate_up(x).chunk(2, dim=-1)
        return self.down(g * torch.sigmoid(g) * u)
