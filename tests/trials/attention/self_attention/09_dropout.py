# wrong: drops out 10 % of the output in training mode | violates: "There is no dropout: training and evaluation mode compute the same."
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
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = scaled_dot_product(self.query(x), self.key(x), self.value(x), causal_mask(x.shape[1]))
        return self.dropout(out)
