# wrong: the feed-forward network reads a detached h, so part of the gradient is lost | violates: "Gradients flow to ``x`` and to the parameters."
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

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.norm1(x + self.attention(x))
        return self.norm2(h + self.feed_forward(h.detach()))
