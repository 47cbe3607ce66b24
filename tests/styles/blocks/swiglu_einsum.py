"""SwiGLU with einsum and a sigmoid made of a tanh."""

import torch


class SwiGLU(torch.nn.Module):
    """A gated feed-forward network, as sums over letters."""

    def __init__(self, width, hidden):
        super().__init__()
        for name, (a, b) in {
            "gate": (width, hidden),
            "up": (width, hidden),
            "down": (hidden, width),
        }.items():
            setattr(self, name, torch.nn.Linear(a, b, bias=False))

    def forward(self, x):
        """c runs over the width and f over the hidden numbers."""
        g = torch.einsum("...c,fc->...f", x, self.gate.weight)
        u = torch.einsum("...c,fc->...f", x, self.up.weight)
        opened = g * (1 + torch.tanh(g / 2)) / 2
        return torch.einsum("...f,...f,cf->...c", opened, u, self.down.weight)
