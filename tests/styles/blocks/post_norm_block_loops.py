"""The block, sequence after sequence, and the network token after token."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class PostNormBlock(nn.Module):
    """Norms after the sums, in loops."""

    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = LayerNorm(width)
        self.attention = MultiHeadAttention(width, heads)
        self.norm2 = LayerNorm(width)
        self.feed_forward = FeedForward(width, 4 * width)

    def forward(self, x):
        """The network sees one token at a time."""
        sequences = []
        for sequence in x:
            h = self.norm1(sequence + self.attention(sequence[None])[0])
            rows = [self.norm2(row + self.feed_forward(row)) for row in h]
            sequences.append(torch.stack(rows))
        return torch.stack(sequences)
