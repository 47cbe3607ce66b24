# wrong: the error for a bad number of heads comes only in forward | violates: "heads: the number of heads H, at least 1; ``ValueError`` if it does not divide ``width``."
import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class MultiHeadAttention(nn.Module):
    """Compute causal self-attention with H heads."""

    def __init__(self, width: int, heads: int, bias: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=bias)
        self.key = nn.Linear(width, width, bias=bias)
        self.value = nn.Linear(width, width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)

    def _split(self, t: torch.Tensor) -> torch.Tensor:
        batch, length, width = t.shape
        return t.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, C = x.shape
        if C % self.heads != 0:
            raise ValueError("width must be a multiple of heads")
        q, k, v = self._split(self.query(x)), self._split(self.key(x)), self._split(self.value(x))
        y = scaled_dot_product(q, k, v, causal_mask(T))
        return self.out(y.transpose(1, 2).reshape(B, T, C))
