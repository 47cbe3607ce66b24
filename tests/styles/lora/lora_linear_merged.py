"""LoRA with the update added to the weight at each call."""

import torch
from torch import nn


class LoRALinear(nn.Module):
    """Add a trainable update of low rank to a frozen linear layer."""

    def __init__(self, base, rank, alpha):
        super().__init__()
        if not rank >= 1:
            raise ValueError(rank)
        for parameter in base.parameters():
            parameter.requires_grad = False
        out, width = base.weight.shape
        drawn = torch.randn(rank, width, dtype=base.weight.dtype) / width**0.5
        self.lora_A = nn.Parameter(drawn)
        self.lora_B = nn.Parameter(base.weight.new_zeros(out, rank))
        self.base, self.rank, self.alpha = base, rank, alpha

    def forward(self, x):
        """Return the output with the update added to the weight."""
        update = torch.einsum("or,ri->oi", self.lora_B, self.lora_A)
        weight = self.base.weight + self.alpha / self.rank * update
        return nn.functional.linear(x, weight, self.base.bias)
