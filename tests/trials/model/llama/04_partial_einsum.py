# right: functools.partial and reduce, einsum for the logits, a helper for the sums
"""Llama."""

from functools import partial, reduce

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


def plus(x: torch.Tensor, norm: nn.Module, part: nn.Module) -> torch.Tensor:
    """x and what the part computes from its normalised form."""
    return torch.add(x, part(norm(x)))


class LlamaBlock(nn.Module):
    """Attention and the feed-forward network on a residual stream."""

    def __init__(self, width, heads, kv_heads, hidden, base, eps):
        super().__init__()
        norm = partial(RMSNorm, width, eps)
        self.add_module("norm1", norm())
        self.add_module("attention", GroupedQueryAttention(width, heads, kv_heads, base))
        self.add_module("norm2", norm())
        self.add_module("feed_forward", SwiGLU(width, hidden))

    def forward(self, x):
        """Return z for x."""
        return plus(plus(x, self.norm1, self.attention), self.norm2, self.feed_forward)


class Llama(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(
        self, vocabulary, width, layers, heads, kv_heads, hidden, base=1e4, eps=0.00001
    ):
        super().__init__()
        block = partial(LlamaBlock, width, heads, kv_heads, hidden, base, eps)
        self.tokens = TokenEmbedding(vocabulary, width)
        self.blocks = nn.ModuleList(block() for _ in range(layers))
        self.norm = RMSNorm(width, eps)

    def forward(self, ids):
        """Return the logits for the token after each of ids."""
        last = reduce(lambda x, block: block(x), self.blocks, self.tokens(ids))
        return torch.einsum("btc,vc->btv", self.norm(last), self.tokens.weight)
