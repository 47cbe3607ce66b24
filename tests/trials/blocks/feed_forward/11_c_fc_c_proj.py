# wrong: the layers are called c_fc and c_proj | violates: "``up`` is an ``nn.Linear`` from C to F features and ``down`` one from F to C"
import torch
from torch import nn

from exercises.blocks.gelu import gelu


class FeedForward(nn.Module):
    """Map each token's vector to the hidden dimension, apply GELU, and map it back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.c_fc = nn.Linear(width, hidden)
        self.c_proj = nn.Linear(hidden, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.c_proj(gelu(self.c_fc(x)))
