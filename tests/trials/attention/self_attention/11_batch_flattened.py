# wrong: treats the whole batch as one long sequence | violates: "So no output depends on a later token or on another sequence."
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
        batch, length, width = x.shape
        tokens = x.reshape(batch * length, width)
        q, k, v = self.query(tokens), self.key(tokens), self.value(tokens)
        out = scaled_dot_product(q, k, v, causal_mask(batch * length))
        return out.reshape(batch, length, -1)
