# wrong: applies dropout to both outputs in training mode | violates: "There is no dropout; training and evaluation mode compute the same."
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
        self.dropout = nn.Dropout(p=0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.dropout(self.attention(self.norm1(x)))
        x = x + self.dropout(self.feed_forward(self.norm2(x)))
        return x
