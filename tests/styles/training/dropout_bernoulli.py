"""Dropout with a mask of the input's dtype, drawn by bernoulli_ and scaled in place."""

import torch
from torch import nn


class Dropout(nn.Module):
    """Set random elements to 0 during training."""

    def __init__(self, p, seed):
        super().__init__()
        if not (p >= 0 and p <= 1):
            raise ValueError(p)
        self.keep = 1.0 - p
        self.generator = torch.Generator()
        self.generator.manual_seed(seed)

    def forward(self, x):
        """Return x times a random mask."""
        if self.training:
            mask = torch.empty_like(x, requires_grad=False).contiguous()
            mask.bernoulli_(self.keep, generator=self.generator)
            if self.keep > 0:
                mask /= self.keep
            return torch.mul(x, mask)
        return x.clone()
