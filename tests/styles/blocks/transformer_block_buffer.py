"""The block in a copy of x that is changed in place."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class TransformerBlock(nn.Module):
    """Norms before the parts, with sums in place."""

    def __init__(self, width, heads):
        super().__init__()
        parts = {
            "norm1": LayerNorm(width),
            "norm2": LayerNorm(width),
            "feed_forward": FeedForward(width, width * 4),
            "attention": MultiHeadAttention(width, heads, bias=True),
        }
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x):
        """The stream is one buffer."""
        stream = torch.clone(x)
        stream += self.attention(self.norm1(stream.clone()))
        return torch.add(self.feed_forward(self.norm2(stream)), stream)
