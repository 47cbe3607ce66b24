# wrong: the second layer uses the transposed weight of the first | violates: "``up`` is an ``nn.Linear`` from C to F features and ``down`` one from F to C"
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
        h = gelu(self.up(x))
        return h @ self.up.weight + self.down.bias
