# right: a loop over the heads, slices of features, concatenated
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
        head_dim = x.shape[-1] // self.heads
        mask = causal_mask(x.shape[1])
        reads = [
            scaled_dot_product(qh, kh, vh, mask)
            for qh, kh, vh in zip(
                q.split(head_dim, -1), k.split(head_dim, -1), v.split(head_dim, -1)
            )
        ]
        return self.out(torch.cat(reads, dim=-1))
