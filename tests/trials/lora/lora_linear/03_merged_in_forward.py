# right: forward computes one linear layer of weight W + alpha / rank B A
import torch
from torch import nn


class LoRALinear(nn.Module):
    """A frozen linear layer with a trainable update of low rank."""

    base: nn.Linear
    lora_A: nn.Parameter
    lora_B: nn.Parameter

    def __init__(self, base, rank, alpha):
        if not rank >= 1:
            raise ValueError("rank is too small: %r" % (rank,))
        super().__init__()
        self.base, self.rank, self.alpha = base, rank, alpha
        w = base.weight
        w.requires_grad_(False)
        if base.bias is not None:
            base.bias.requires_grad_(False)
        std = torch.full((rank, w.shape[1]), w.shape[1] ** -0.5, dtype=w.dtype, device=w.device)
        self.register_parameter("lora_A", nn.Parameter(torch.normal(torch.zeros_like(std), std)))
        self.register_parameter("lora_B", nn.Parameter(w.new_zeros(w.shape[0], rank)))

    def forward(self, x):
        """The output of the base layer plus the update."""
        weight = self.base.weight + (self.alpha / self.rank) * self.lora_B @ self.lora_A
        return nn.functional.linear(x, weight, self.base.bias)
