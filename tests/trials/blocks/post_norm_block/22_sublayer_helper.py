# right: a helper for norm(stream + part(stream)), as in the annotated Transformer
import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


def add_and_norm(norm: nn.Module, part: nn.Module, stream: torch.Tensor) -> torch.Tensor:
    return norm(stream + part(stream))


class PostNormBlock(nn.Module):
    """Add the output of each part to the residual stream, and normalise each sum."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = LayerNorm(width), LayerNorm(width)
        self.attention = MultiHeadAttention(width=width, heads=heads, bias=True)
        self.feed_forward = FeedForward(width=width, hidden=4 * width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for norm, part in ((self.norm1, self.attention), (self.norm2, self.feed_forward)):
            x = add_and_norm(norm, part, x)
        return x
