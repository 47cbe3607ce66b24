# wrong: the update is multiplied by alpha and not divided by the rank | violates: "y = W x + b + (alpha / rank) * B A x"
"""LoRA: two small trainable matrices beside a frozen linear layer."""

import math

import torch
from torch import nn


class LoRALinear(nn.Module):
    """A frozen linear layer with a trainable update of low rank."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        if rank < 1:
            raise ValueError(f"rank must be at least 1, but is {rank}")
        self.base = base
        for p in self.base.parameters():
            p.requires_grad = False
        out_features, in_features = base.weight.shape
        dtype = base.weight.dtype
        A = torch.randn(rank, in_features, dtype=dtype) / math.sqrt(in_features)
        B = torch.zeros(out_features, rank, dtype=dtype)
        self.lora_A = nn.Parameter(A)
        self.lora_B = nn.Parameter(B)
        self.scaling = alpha

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The output of the base layer plus the update."""
        return self.base(x) + x @ self.lora_A.T @ self.lora_B.T * self.scaling
