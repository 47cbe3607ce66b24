# right: BERT style with intermediate variables
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

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        attention_output = self.attention(hidden_states)
        attention_output = self.norm1(attention_output + hidden_states)
        layer_output = self.feed_forward(attention_output)
        layer_output = layer_output + attention_output
        return self.norm2(layer_output)
