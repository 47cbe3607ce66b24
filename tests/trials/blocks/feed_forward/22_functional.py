# right: F.linear with the layers' parameters, steps named
import torch
import torch.nn.functional as F
from torch import nn

from exercises.blocks.gelu import gelu


class FeedForward(nn.Module):
    """Map each token's vector to the hidden dimension, apply GELU, and map it back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = F.linear(x, self.up.weight, self.up.bias)
        a = gelu(h)
        return F.linear(a, self.down.weight, self.down.bias)
