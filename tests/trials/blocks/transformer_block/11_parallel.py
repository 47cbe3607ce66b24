# wrong: both parts read x side by side, as in GPT-J | violates: "y = h + feed_forward(norm2(h))"
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
        return x + self.attention(self.norm1(x)) + self.feed_forward(self.norm2(x))
