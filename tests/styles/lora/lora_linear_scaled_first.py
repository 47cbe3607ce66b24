"""LoRA that scales what comes in, and multiplies by hand."""

import math

import torch
from torch import nn


class LoRALinear(nn.Module):
    """Add a trainable update of low rank to a frozen linear layer."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        if rank <= 0:
            raise ValueError("the rank has to be positive")
        super().__init__()
        self.base = base
        self.base.weight.requires_grad_(False)
        if self.base.bias is not None:
            self.base.bias.requires_grad_(False)
        spread = torch.full((rank, base.in_features), 1 / math.sqrt(base.in_features))
        self.lora_A = nn.Parameter(torch.normal(0.0, spread).to(base.weight))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank).to(base.weight))
        self.scaling = alpha / rank

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output of the base plus the update."""
        update = (x * self.scaling) @ self.lora_A.T @ self.lora_B.T
        return self.base.forward(x) + update
