# wrong: the parts are called ln_1, attn, ln_2 and mlp | violates: "each an attribute of that name"
import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm


class TransformerBlock(nn.Module):
    """Add the output of attention to each token, then that of the feed-forward network."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1 = LayerNorm(width)
        self.attn = MultiHeadAttention(width, heads)
        self.ln_2 = LayerNorm(width)
        self.mlp = FeedForward(width, 4 * width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attn(self.ln_1(x))
        x = x + self.mlp(self.ln_2(x))
        return x
