# right: repeat_kv of Llama by expand and reshape, softmax in float32
import math

import torch
import torch.nn.functional as F
from torch import nn

from exercises.embeddings.rope import rope


def rotate(t: torch.Tensor, base: float) -> torch.Tensor:
    """Rotate (..., T, D), token i at position i."""
    try:
        return rope(t, base=base)
    except TypeError:  # the positions have no default
        return rope(t, torch.arange(t.shape[-2], device=t.device), base=base)


def repeat_kv(x: torch.Tensor, n_rep: int) -> torch.Tensor:
    """(B, K, T, D) -> (B, K * n_rep, T, D), adjacent copies."""
    if n_rep == 1:
        return x
    bsz, n_kv, slen, head_dim = x.shape
    return x[:, :, None].expand(bsz, n_kv, n_rep, slen, head_dim).reshape(bsz, n_kv * n_rep, slen, head_dim)


class GroupedQueryAttention(nn.Module):
    """Compute causal self-attention whose H query heads share K key-value heads."""

    def __init__(self, width: int, heads: int, kv_heads: int, base: float | None = None) -> None:
        super().__init__()
        if width % heads != 0 or heads % kv_heads != 0:
            raise ValueError(f"cannot divide: width {width}, heads {heads}, kv_heads {kv_heads}")
        self.n_heads, self.n_kv_heads = heads, kv_heads
        self.n_rep = heads // kv_heads
        self.head_dim = width // heads
        self.rope_base = base
        self.query = nn.Linear(width, heads * self.head_dim, bias=False)
        self.key = nn.Linear(width, kv_heads * self.head_dim, bias=False)
        self.value = nn.Linear(width, kv_heads * self.head_dim, bias=False)
        self.out = nn.Linear(heads * self.head_dim, width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        bsz, seqlen, _ = x.shape
        xq = self.query(x).view(bsz, seqlen, self.n_heads, self.head_dim).transpose(1, 2)
        xk = self.key(x).view(bsz, seqlen, self.n_kv_heads, self.head_dim).transpose(1, 2)
        xv = self.value(x).view(bsz, seqlen, self.n_kv_heads, self.head_dim).transpose(1, 2)
        if self.rope_base is not None:
            xq, xk = rotate(xq, self.rope_base), rotate(xk, self.rope_base)
        keys, values = repeat_kv(xk, self.n_rep), repeat_kv(xv, self.n_rep)
        scores = torch.matmul(xq, keys.transpose(2, 3)) / math.sqrt(self.head_dim)
        mask = torch.full((seqlen, seqlen), float("-inf"), dtype=x.dtype, device=x.device)
        scores = scores + torch.triu(mask, diagonal=1)
        if x.dtype == torch.float64:
            scores = F.softmax(scores, dim=-1)
        else:
            scores = F.softmax(scores.float(), dim=-1).type_as(xq)
        output = torch.matmul(scores, values).transpose(1, 2).contiguous().view(bsz, seqlen, -1)
        return self.out(output)
