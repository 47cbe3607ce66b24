# wrong: the projections have a bias | violates: "``query``, ``key`` and ``value`` are ``nn.Linear`` layers without a bias"
import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        self.query = nn.Linear(width, head)
        self.key = nn.Linear(width, head)
        self.value = nn.Linear(width, head)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = causal_mask(x.shape[1])
        return scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)
