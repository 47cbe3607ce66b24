# wrong: draws from PyTorch's global generator, seeded from the module's own generator | violates: PyTorch's global generator is not used, and its state does not change.
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
        torch.default_generator.manual_seed(int(torch.randint(2**62, (), generator=self.generator)))
        keep = torch.rand(x.shape, dtype=torch.float64) >= self.p
        factor = 1 / (1 - self.p) if self.p < 1 else 0.0
        return x * (keep * factor).to(x.dtype)
