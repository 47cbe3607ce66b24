# wrong: normalises the result with norm2 once more | violates: "nothing is normalised after the last sum"
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
        h = x + self.attention(self.norm1(x))
        y = h + self.feed_forward(self.norm2(h))
        return self.norm2(y)
