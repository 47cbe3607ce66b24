"""Blocks in nn.Sequential, and an output layer that shares the table."""

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


class LlamaBlock(nn.Module):
    """One layer."""

    def __init__(self, width, heads, kv_heads, hidden, base, eps):
        super().__init__()
        self.attention = GroupedQueryAttention(width, heads, kv_heads, base=base)
        self.feed_forward = SwiGLU(width, hidden)
        self.norm1, self.norm2 = (RMSNorm(width, eps=eps) for _ in range(2))

    def forward(self, x):
        """Two sums."""
        for norm, part in ((self.norm1, self.attention), (self.norm2, self.feed_forward)):
            x = torch.add(x, part(norm(x)))
        return x


class Llama(nn.Module):
    """The model."""

    def __init__(self, vocabulary, width, layers, heads, kv_heads, hidden, base=10000.0, eps=1e-5):
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        sizes = (width, heads, kv_heads, hidden, base, eps)
        self.blocks = nn.Sequential(*[LlamaBlock(*sizes) for _ in range(layers)])
        self.norm = RMSNorm(width, eps)
        self.unembed = nn.Linear(width, vocabulary, bias=False)
        self.unembed.weight = self.tokens.weight

    def forward(self, ids):
        """Logits."""
        return self.unembed(self.norm(self.blocks(self.tokens(ids))))
