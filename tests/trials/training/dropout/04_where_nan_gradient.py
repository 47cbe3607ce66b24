# wrong: torch.where hides x / 0 in the result for p = 1, but its gradient is NaN | violates: For no p is a result or a gradient NaN or infinite.
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
        keep = torch.rand(x.shape, generator=self.generator, dtype=torch.float64) >= self.p
        return torch.where(keep, x / (1 - self.p), torch.zeros_like(x))
