"""Dropout that draws one number after the other with Python's own generator."""

import random

import torch
from torch import nn


class Dropout(nn.Module):
    """Set random elements to 0 during training."""

    def __init__(self, p, seed):
        super().__init__()
        if p > 1:
            raise ValueError("p is above 1")
        if p < 0:
            raise ValueError("p is below 0")
        self.p, self.random = p, random.Random(seed)

    def forward(self, x):
        """Return x with random elements set to 0."""
        if not self.training:
            return x
        factors = []
        for _ in range(x.numel()):
            # random() is below 1, so with p = 1 the division is never reached.
            factors.append(0.0 if self.random.random() < self.p else 1 / (1 - self.p))
        return x * torch.tensor(factors, dtype=x.dtype).reshape(x.shape)
