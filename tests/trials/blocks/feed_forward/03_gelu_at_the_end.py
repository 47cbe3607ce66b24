# wrong: applies GELU after the second layer instead of between | violates: "y = W_down gelu(h) + b_down"
import torch
from torch import nn

from exercises.blocks.gelu import gelu


class FeedForward(nn.Module):
    """Map each token's vector to the hidden dimension, apply GELU, and map it back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.up(x)
        return gelu(self.down(h))
