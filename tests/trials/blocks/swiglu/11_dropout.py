# wrong: drops out hidden features in training mode | violates: "There is no dropout; training and evaluation mode compute the same."
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
        h = g * torch.sigmoid(g) * self.up(x)
        h = nn.functional.dropout(h, p=0.1, training=self.training)
        return self.down(h)
