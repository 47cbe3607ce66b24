# wrong: a sequence of more than 512 tokens is refused | violates: "so a sequence may have any length"
"""Llama."""

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


class LlamaBlock(nn.Module):
    """Attention and the feed-forward network on a residual stream."""

    def __init__(
        self, width: int, heads: int, kv_heads: int, hidden: int, base: float, eps: float
    ) -> None:
        super().__init__()
        self.norm1 = RMSNorm(width, eps)
        self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
        self.norm2 = RMSNorm(width, eps)
        self.feed_forward = SwiGLU(width, hidden)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return z for x."""
        y = x + self.attention(self.norm1(x))
        z = y + self.feed_forward(self.norm2(y))
        return z


class Llama(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(
        self,
        vocabulary: int,
        width: int,
        layers: int,
        heads: int,
        kv_heads: int,
        hidden: int,
        base: float = 10000.0,
        eps: float = 1e-5,
    ) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.blocks = nn.ModuleList(
            [LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)]
        )
        self.norm = RMSNorm(width, eps)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ids."""
        if ids.shape[1] > 512:
            raise ValueError('the context length is 512')
        x = self.tokens(ids)
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.tokens.weight.T
