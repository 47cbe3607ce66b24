# wrong: a bad p raises AssertionError | violates: any other number raises ``ValueError``
"""Dropout."""

import random

import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        assert 0 <= p <= 1, "p is no probability"
        self.p = float(p)
        self.random = random.Random(seed)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        factors = []
        for _ in range(x.numel()):
            dropped = self.random.random() < self.p
            factors.append(0.0 if dropped else 1.0 / (1.0 - self.p))
        return x * torch.tensor(factors, dtype=x.dtype).reshape(x.shape)
