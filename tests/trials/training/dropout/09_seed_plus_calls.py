# wrong: each call makes a generator from seed + number of calls, so neighbouring seeds repeat each other's masks | violates: With different seeds their draws are independent, whichever call of the one is compared with whichever call of the other.
"""Dropout."""

import random

import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if p >= 0 and p <= 1:
            self.p = float(p)
        else:
            raise ValueError("p is no probability")
        self.seed, self.calls = seed, 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        source = random.Random(self.seed + self.calls)
        self.calls += 1
        factors = []
        for _ in range(x.numel()):
            dropped = source.random() < self.p
            factors.append(0.0 if dropped else 1.0 / (1.0 - self.p))
        return x * torch.tensor(factors, dtype=x.dtype).reshape(x.shape)
