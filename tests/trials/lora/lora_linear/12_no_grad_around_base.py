# wrong: the base layer runs under torch.no_grad, which cuts off the gradient to x through it | violates: "Gradients flow to ``lora_A``, ``lora_B`` and, through both terms, to ``x``."
"""LoRA, in the way of Microsoft's loralib."""

import torch
import torch.nn.functional as F
from torch import nn


class LoRALinear(nn.Module):
    """A frozen linear layer with a trainable update of low rank."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        if rank <= 0:
            raise ValueError("rank must be positive")
        self.base = base
        self.r = rank
        self.lora_alpha = alpha
        self.scaling = self.lora_alpha / self.r
        self.lora_A = nn.Parameter(base.weight.new_empty((rank, base.in_features)))
        self.lora_B = nn.Parameter(base.weight.new_empty((base.out_features, rank)))
        self.reset_parameters()
        self.base.requires_grad_(False)

    def reset_parameters(self) -> None:
        nn.init.normal_(self.lora_A, mean=0.0, std=self.base.in_features**-0.5)
        nn.init.zeros_(self.lora_B)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The output of the base layer plus the update."""
        with torch.no_grad():
            result = self.base(x)
        after_A = F.linear(x, self.lora_A)
        after_B = F.linear(after_A, self.lora_B)
        return result + self.scaling * after_B
