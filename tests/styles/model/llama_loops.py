"""One sequence after the other, and each row of logits by itself."""

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
        self.norm1 = RMSNorm(width, eps)
        self.norm2 = RMSNorm(width, eps)
        self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
        self.feed_forward = SwiGLU(width, hidden)

    def forward(self, x):
        """Each sequence by itself."""
        done = []
        for sequence in x:
            y = sequence + self.attention(self.norm1(sequence[None]))[0]
            rows = [row + self.feed_forward(self.norm2(row)) for row in y]
            done.append(torch.stack(rows))
        return torch.stack(done)


class Llama(nn.Module):
    """The model."""

    def __init__(self, vocabulary, width, layers, heads, kv_heads, hidden, base=10000.0, eps=1e-5):
        super().__init__()
        self.norm = RMSNorm(width, eps)
        self.tokens = TokenEmbedding(vocabulary, width)
        self.blocks = nn.ModuleList()
        for _ in range(layers):
            self.blocks.append(LlamaBlock(width, heads, kv_heads, hidden, base, eps))

    def forward(self, ids):
        """Logits, row by row."""
        x = self.tokens(ids)
        for block in self.blocks:
            x = block(x)
        rows = [self.tokens.weight @ row for row in self.norm(x).flatten(0, 1)]
        return torch.stack(rows).reshape(*ids.shape, -1)
