# right: a loop over the query heads
import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.embeddings.rope import rope


def rotate(t: torch.Tensor, base: float) -> torch.Tensor:
    """Rotate (..., T, D), token i at position i."""
    try:
        return rope(t, base=base)
    except TypeError:  # the positions have no default
        return rope(t, torch.arange(t.shape[-2], device=t.device), base=base)


class GroupedQueryAttention(nn.Module):
    """Compute causal self-attention whose H query heads share K key-value heads."""

    def __init__(self, width: int, heads: int, kv_heads: int, base: float | None = None) -> None:
        super().__init__()
        if width % heads:
            raise ValueError("heads must divide width")
        if heads % kv_heads:
            raise ValueError("kv_heads must divide heads")
        self.heads, self.kv_heads, self.base = heads, kv_heads, base
        self.head_dim = width // heads
        self.query = nn.Linear(width, heads * self.head_dim, bias=False)
        self.key = nn.Linear(width, kv_heads * self.head_dim, bias=False)
        self.value = nn.Linear(width, kv_heads * self.head_dim, bias=False)
        self.out = nn.Linear(heads * self.head_dim, width, bias=False)

    def _slice(self, features: torch.Tensor, head: int) -> torch.Tensor:
        return features[..., head * self.head_dim : (head + 1) * self.head_dim]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        queries, keys, values = self.query(x), self.key(x), self.value(x)
        mask = causal_mask(x.shape[1])
        reads = []
        for h in range(self.heads):
            g = h * self.kv_heads // self.heads
            q, k, v = self._slice(queries, h), self._slice(keys, g), self._slice(values, g)
            if self.base is not None:
                q = rotate(q, self.base)
                k = rotate(k, self.base)
            reads.append(scaled_dot_product(q, k, v, mask))
        return self.out(torch.cat(reads, dim=-1))
