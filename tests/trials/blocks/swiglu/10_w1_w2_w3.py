# wrong: the layers are called w1, w2 and w3 | violates: "``gate`` and ``up`` are ``nn.Linear`` layers from C to F features and ``down`` is one from F to C"
import torch
from torch import nn


class SwiGLU(nn.Module):
    """Map each token's vector to the hidden dimension twice, let one gate the other, map back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.w1 = nn.Linear(width, hidden, bias=False)
        self.w2 = nn.Linear(hidden, width, bias=False)
        self.w3 = nn.Linear(width, hidden, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        g = self.w1(x)
        return self.w2(g * torch.sigmoid(g) * self.w3(x))
