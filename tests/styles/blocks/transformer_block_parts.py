"""The block over a list of pairs of a norm and a part."""

from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class TransformerBlock(nn.Module):
    """Norms before the parts, in one line for both."""

    def __init__(self, width, heads):
        super().__init__()
        self.attention = MultiHeadAttention(heads=heads, width=width)
        self.feed_forward = FeedForward(hidden=4 * width, width=width)
        self.norm1, self.norm2 = LayerNorm(width), LayerNorm(width)

    def forward(self, x):
        """Each pair reads what the one before has left."""
        pairs = [(self.norm1, self.attention), (self.norm2, self.feed_forward)]
        for norm, part in pairs:
            x = x + part(norm(x))
        return x
