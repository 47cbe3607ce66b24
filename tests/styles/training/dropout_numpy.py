"""Dropout with NumPy's generator, element by element through masked_fill."""

import numpy as np
import torch
from torch import nn


class Dropout(nn.Module):
    """Set random elements to 0 during training."""

    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"not a probability: {p}")
        self.p = p
        self.rng = np.random.default_rng(seed)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x with random elements set to 0."""
        if not self.training or self.p == 0:
            return x
        dropped = torch.as_tensor(self.rng.random(tuple(x.shape)) < self.p)
        if self.p == 1:
            return x.masked_fill(dropped, 0.0)
        return (x / (1 - self.p)).masked_fill(dropped, 0.0)
