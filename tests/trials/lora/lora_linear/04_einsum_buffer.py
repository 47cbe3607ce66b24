# right: einsum, the scale in a buffer that is not saved, a drawn tensor scaled in place
import torch
from torch import nn


class LoRALinear(nn.Module):
    """A frozen linear layer with a trainable update of low rank."""

    def __init__(self, base: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        if rank < 1:
            raise ValueError("rank")
        kind = {"dtype": base.weight.dtype, "device": base.weight.device}
        self.lora_A = nn.Parameter(torch.empty(rank, base.in_features, **kind))
        self.lora_B = nn.Parameter(torch.zeros((base.out_features, rank), **kind))
        with torch.no_grad():
            self.lora_A.normal_().div_(torch.sqrt(torch.tensor(float(base.in_features))))
        scale = torch.tensor(alpha / rank, dtype=torch.float64)
        self.register_buffer("scale", scale, persistent=False)
        self.base = base.requires_grad_(False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The output of the base layer plus the update."""
        small = torch.einsum("...i,ri->...r", x, self.lora_A)
        update = torch.einsum("...r,or->...o", small, self.lora_B)
        return torch.add(self.base(x), update * self.scale.to(x.dtype))
