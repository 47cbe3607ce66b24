# wrong: head h gets every H-th feature instead of a block of D | violates: "q_i^h is features h D to (h + 1) D - 1 of query(x_i)"
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
        q, k, v = (
            layer(x).view(B, T, D, self.heads).permute(0, 3, 1, 2)
            for layer in (self.query, self.key, self.value)
        )
        y = scaled_dot_product(q, k, v, causal_mask(T))
        return self.out(y.transpose(1, 2).reshape(B, T, C))
