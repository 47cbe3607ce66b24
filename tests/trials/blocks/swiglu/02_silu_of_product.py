# wrong: applies SiLU to the product | violates: "y = W_down (silu(g) * u)"
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
        product = self.gate(x) * self.up(x)
        return self.down(product * torch.sigmoid(product))
