"""LoRA by two linear maps beside the base."""

import torch
from torch import nn
from torch.nn.functional import linear


class LoRALinear(nn.Module):
    """Add a trainable update of low rank to a frozen linear layer."""

    def __init__(self, base, rank, alpha):
        super().__init__()
        if rank < 1:
            raise ValueError("rank is at least 1")
        self.base = base.requires_grad_(False)
        self.strength = alpha / rank
        self.lora_A = nn.Parameter(torch.empty(rank, base.in_features, dtype=base.weight.dtype))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank, dtype=base.weight.dtype))
        nn.init.normal_(self.lora_A, std=base.in_features**-0.5)

    def forward(self, x):
        """Return the output of the base plus the update."""
        return self.base(x) + self.strength * linear(linear(x, self.lora_A), self.lora_B)
