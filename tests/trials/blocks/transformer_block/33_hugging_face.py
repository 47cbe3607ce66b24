# right: Hugging Face style with residual variables
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

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        residual = hidden_states
        hidden_states = self.norm1(hidden_states)
        attn_output = self.attention(hidden_states)
        hidden_states = attn_output + residual

        residual = hidden_states
        hidden_states = self.norm2(hidden_states)
        feed_forward_hidden_states = self.feed_forward(hidden_states)
        return torch.add(residual, feed_forward_hidden_states)
