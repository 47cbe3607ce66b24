"""SwiGLU, one hidden number after the other."""

import torch
from torch import nn


class SwiGLU(nn.Module):
    """A gated feed-forward network, as a sum over the hidden numbers."""

    def __init__(self, width, hidden):
        super().__init__()
        self.hidden = hidden
        self.gate = nn.Linear(width, hidden, bias=False)
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        """What each hidden number writes, added up."""
        result = torch.zeros_like(x)
        for i in range(self.hidden):
            g = (x * self.gate.weight[i]).sum(dim=-1, keepdim=True)
            u = (x * self.up.weight[i]).sum(dim=-1, keepdim=True)
            result = result + g * u * g.sigmoid() * self.down.weight[:, i]
        return result
