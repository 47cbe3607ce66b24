"""SwiGLU with both first layers in one product, and a buffer that is changed in place."""

import torch
from torch import nn
from torch.nn import functional


class SwiGLU(nn.Module):
    """A gated feed-forward network whose first two weights are joined for each call."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, hidden, bias=False)
        self.gate = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One product, cut in two."""
        both = functional.linear(x, torch.cat([self.gate.weight, self.up.weight]))
        g, u = both.split(both.shape[-1] // 2, dim=-1)
        buffer = torch.exp(functional.logsigmoid(g))
        buffer = buffer * g
        buffer *= u
        return buffer @ self.down.weight.T
