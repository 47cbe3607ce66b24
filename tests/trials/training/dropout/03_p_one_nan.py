# wrong: with p = 1 the mask of zeros is divided by 0 | violates: with p = 1 every y_i is 0; For no p is a result or a gradient NaN or infinite.
"""Dropout."""

import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p must be from 0 to 1")
        self.p = p
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        mask = (torch.rand(x.shape, generator=self.generator) >= self.p).to(x.dtype)
        return x * mask / (1 - self.p)
