# right: bernoulli in a helper, masked_fill
"""Dropout."""

import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if p != p or p < 0 or p > 1:
            raise ValueError("p has to be from 0 to 1")
        self.p = p
        self.rng = torch.Generator()
        self.rng.manual_seed(seed)

    def _draw(self, shape: torch.Size) -> torch.Tensor:
        chances = torch.full(shape, 1.0 - self.p, dtype=torch.float64)
        return torch.bernoulli(chances, generator=self.rng) == 1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            dropped = ~self._draw(x.shape)
            if self.p == 1:
                return x * 0
            return (x / (1.0 - self.p)).masked_fill(dropped, 0.0)
        return x
