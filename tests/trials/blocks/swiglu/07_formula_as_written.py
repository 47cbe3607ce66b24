# wrong: writes g / (1 + exp(-g)), whose gradient is NaN far below zero | violates: "neither the result nor a gradient is NaN or infinite"
import torch
from torch import nn


class SwiGLU(nn.Module):
    """Map each token's vector to the hidden dimension twice, let one gate the other, map back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        g = self.gate(x)
        return self.down(g / (1 + torch.exp(-g)) * self.up(x))
