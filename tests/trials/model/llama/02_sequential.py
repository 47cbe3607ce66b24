# right: nn.Sequential for the blocks, F.linear
"""Llama."""

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


class LlamaBlock(nn.Module):
    """Attention and the feed-forward network on a residual stream."""

    def __init__(self, width, heads, kv_heads, hidden, base, eps):
        super().__init__()
        self.norm1, self.norm2 = RMSNorm(width, eps=eps), RMSNorm(width, eps=eps)
        self.attention = GroupedQueryAttention(width, heads, kv_heads, base=base)
        self.feed_forward = SwiGLU(width, hidden)

    def forward(self, x):
        """Return z for x."""
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class Llama(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(
        self, vocabulary, width, layers, heads, kv_heads, hidden, base=10000.0, eps=1e-5
    ):
        super().__init__()
        arguments = (width, heads, kv_heads, hidden, base, eps)
        self.tokens = TokenEmbedding(vocabulary, width)
        self.blocks = nn.Sequential(*(LlamaBlock(*arguments) for _ in range(layers)))
        self.norm = RMSNorm(width, eps=eps)

    def forward(self, ids):
        """Return the logits for the token after each of ids."""
        hidden_states = self.norm(self.blocks(self.tokens(ids)))
        return nn.functional.linear(hidden_states, self.tokens.weight)
