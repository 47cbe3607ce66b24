# right: a loop over the two branches, from a copy of x
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

    def _branches(self):
        yield self.norm1, self.attention
        yield self.norm2, self.feed_forward

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        stream = x.clone()
        for norm, part in self._branches():
            delta = part(norm(stream))
            stream = stream.add(delta)
        return stream
