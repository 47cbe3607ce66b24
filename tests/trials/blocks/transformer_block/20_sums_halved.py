# wrong: halves the sum so that the stream does not grow | violates: "h = x + attention(norm1(x))"
import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class TransformerBlock(nn.Module):
    """Add the output of attention to each token, then that of the feed-forward network."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = LayerNorm(width)
        self.attention = MultiHeadAttention(width, heads)
        self.norm2 = LayerNorm(width)
        self.feed_forward = FeedForward(width, 4 * width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = (x + self.attention(self.norm1(x))) / 2
        return (h + self.feed_forward(self.norm2(h))) / 2
