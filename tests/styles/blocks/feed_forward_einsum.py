"""The feed-forward network with einsum."""

import torch

from exercises.blocks.gelu import gelu


class FeedForward(torch.nn.Module):
    """Two layers with a bend between, as sums over letters."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.down = torch.nn.Linear(hidden, width)
        self.up = torch.nn.Linear(width, hidden)

    def forward(self, x):
        """c runs over the width and f over the hidden numbers."""
        hidden = torch.einsum("...c,fc->...f", x, self.up.weight) + self.up.bias
        return torch.einsum("...f,cf->...c", gelu(hidden), self.down.weight) + self.down.bias
