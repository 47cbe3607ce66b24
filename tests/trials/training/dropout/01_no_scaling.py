# wrong: the kept elements are not scaled up in training, but scaled down in evaluation, as in the paper | violates: y_i = x_i / (1 - p) otherwise; In evaluation mode y equals x for every p
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
            return x * (1 - self.p)
        keep = torch.rand(x.shape, generator=self.generator, dtype=torch.float64) >= self.p
        factor = 1.0
        return x * (keep * factor).to(x.dtype)
