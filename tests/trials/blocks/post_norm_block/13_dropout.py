# wrong: applies dropout of 0.1 to the parts' outputs as the paper does | violates: "There is no dropout; training and evaluation mode compute the same."
import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class PostNormBlock(nn.Module):
    """Add the output of each part to the residual stream, and normalise each sum."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(width, heads)
        self.norm1 = LayerNorm(width)
        self.feed_forward = FeedForward(width, 4 * width)
        self.norm2 = LayerNorm(width)
        self.dropout1 = nn.Dropout(0.1)
        self.dropout2 = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm1(x + self.dropout1(self.attention(x)))
        x = self.norm2(x + self.dropout2(self.feed_forward(x)))
        return x
