"""Sums added in place to a tensor of its own, and logits by einsum in float64."""

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
        parts = {
            "norm1": RMSNorm(width, eps),
            "attention": GroupedQueryAttention(width, heads, kv_heads, base),
            "norm2": RMSNorm(width, eps),
            "feed_forward": SwiGLU(width, hidden),
        }
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x):
        """Add to what the parts gave, not to what came in."""
        y = self.attention(self.norm1(x))
        y += x
        z = self.feed_forward(self.norm2(y))
        z += y
        return z


class Llama(nn.Module):
    """The model."""

    def __init__(self, vocabulary, width, layers, heads, kv_heads, hidden, base=10000.0, eps=1e-5):
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.depth = layers
        blocks = [LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)]
        self.blocks = nn.ModuleList(blocks)
        self.norm = RMSNorm(width, eps)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, ids):
        """Logits."""
        with torch.no_grad():
            self.calls += 1
        x = self.tokens(ids)
        for number in range(self.depth):
            x = self.blocks[number](x)
        table = self.tokens.weight
        logits = torch.einsum("btc,vc->btv", self.norm(x).double(), table.double())
        return logits.to(table.dtype)
