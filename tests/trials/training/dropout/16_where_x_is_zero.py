# wrong: the gradient is 0 where x is 0, since only non-zero elements are copied | violates: and 1 / (1 - p) elsewhere, also where x_i itself is 0
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
        factor = 1 / (1 - self.p) if self.p < 1 else 0.0
        return x * ((keep & (x != 0)) * factor).to(x.dtype)
