"""Learned positions as a look-up of the numbers 0 to T - 1."""

import torch
from torch import nn


class LearnedPositions(nn.Embedding):
    """An embedding of positions."""

    def __init__(self, context, width):
        super().__init__(context, width)
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x):
        """Look the positions up and add them."""
        _, length, _ = x.shape
        if length > self.num_embeddings:
            raise ValueError("the text is longer than the context")
        return x + super().forward(torch.arange(length, device=x.device)).unsqueeze(0)
