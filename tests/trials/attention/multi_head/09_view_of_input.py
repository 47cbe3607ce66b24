# wrong: flattens x with view, which fails if x is not contiguous | violates: "x: float tensor of shape (B, T, C), of the weights' dtype; T >= 1."
import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


class MultiHeadAttention(nn.Module):
    """Compute causal self-attention with H heads."""

    def __init__(self, width: int, heads: int, bias: bool = True) -> None:
        super().__init__()
        if width % heads != 0:
            raise ValueError(f"{heads} heads do not divide a width of {width}")
        self.heads = heads
        self.query = nn.Linear(width, width, bias=bias)
        self.key = nn.Linear(width, width, bias=bias)
        self.value = nn.Linear(width, width, bias=bias)
        self.out = nn.Linear(width, width, bias=bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, T, C = x.shape
        D = C // self.heads
        tokens = x.view(B * T, C)
        q = self.query(tokens).view(B, T, self.heads, D).transpose(1, 2)
        k = self.key(tokens).view(B, T, self.heads, D).transpose(1, 2)
        v = self.value(tokens).view(B, T, self.heads, D).transpose(1, 2)
        y = scaled_dot_product(q, k, v, causal_mask(T))
        return self.out(y.transpose(1, 2).reshape(B, T, C))
