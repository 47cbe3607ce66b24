"""One row after the other, each without its padding."""

import torch
from torch import nn


class Classifier(nn.Module):
    """A batch is a list of single texts."""

    def __init__(self, model, classes):
        super().__init__()
        self.model, self.head = model, nn.Linear(model.norm.weight.numel(), classes)

    def forward(self, ids, mask):
        """Cut each row to its tokens, and read the last."""
        if ids.shape[1] > len(self.model.positions.weight):
            raise ValueError("more columns than positions")
        return torch.stack([self._classify(row[real]) for row, real in zip(ids, mask, strict=True)])

    def _classify(self, text):
        if not len(text):
            raise ValueError("no tokens")
        x = self.model.positions(self.model.tokens(text[None]))
        for block in self.model.blocks:
            x = block(x)
        return self.head(self.model.norm(x[0, -1]))
