"""torch.nn.Embedding of the places."""

import torch
from torch import nn


class LearnedPositions(nn.Embedding):
    """Torch's own, drawn as GPT draws it."""

    def __init__(self, context, width):
        super().__init__(context, width)
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x):
        """Look up the places and add them."""
        if x.shape[1] > self.num_embeddings:
            raise ValueError("the text is longer than the context")
        return x + super().forward(torch.arange(x.shape[1]))
