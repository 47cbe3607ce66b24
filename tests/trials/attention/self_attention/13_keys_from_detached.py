# wrong: keys and values are computed from a detached x, so part of its gradient is lost | violates: "Gradients flow to ``x`` and to the three weights."
import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, head, bias=False)
        self.key = nn.Linear(width, head, bias=False)
        self.value = nn.Linear(width, head, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        context = x.detach()
        mask = causal_mask(x.shape[1])
        return scaled_dot_product(self.query(x), self.key(context), self.value(context), mask)
