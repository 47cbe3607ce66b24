# wrong: takes the batch and the length from x, so other shapes fail | violates: "x: float tensor of shape (..., width), of the parameters' dtype."
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
        B, T, C = x.size()
        g = self.gate(x).view(B * T, -1)
        u = self.up(x).view(B * T, -1)
        return self.down(torch.sigmoid(g) * g * u).view(B, T, C)
