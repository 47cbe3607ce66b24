# wrong: the mask is float64 and makes a float64 result from a float32 input | violates: A tensor of the shape and dtype of ``x``
"""Dropout."""

import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p must be from 0 to 1, not {p}")
        self.p = p
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        mask = torch.rand(x.shape, generator=self.generator, dtype=torch.float64) >= self.p
        mask = mask.double()
        factor = 1 / (1 - self.p) if self.p < 1 else 0.0
        return x * mask * factor
