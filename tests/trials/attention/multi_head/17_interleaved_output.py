# wrong: stacks the heads' outputs feature by feature instead of one after the other | violates: "output_i = out(read_i^0, read_i^1, ..., read_i^(H-1) concatenated)"
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
        q, k, v = self.query(x), self.key(x), self.value(x)
        D = x.shape[-1] // self.heads
        mask = causal_mask(x.shape[1])
        reads = []
        for h in range(self.heads):
            part = slice(h * D, (h + 1) * D)
            reads.append(scaled_dot_product(q[..., part], k[..., part], v[..., part], mask))
        return self.out(torch.stack(reads, dim=-1).flatten(-2))
