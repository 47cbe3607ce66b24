# wrong: p is the probability that an element is kept | violates: y_i = 0 with probability p
"""Dropout."""

import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p must be from 0 to 1")
        self.keep = p
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        if self.keep == 0:
            return x * 0
        mask = torch.rand(x.shape, generator=self.generator) < self.keep
        return x * mask / self.keep
