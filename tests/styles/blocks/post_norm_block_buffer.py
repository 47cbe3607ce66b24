"""The block with sums written into what the parts give."""

from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class PostNormBlock(nn.Module):
    """Norms after the sums, with sums in place."""

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
        """Each sum is written into the part's own result."""
        read = self.attention(x)
        read += x
        h = self.norm1(read)
        made = self.feed_forward(h)
        made += h
        return self.norm2(made)
